"""`--part-id` and a recipe's rule tell which part each photo shows."""

from inspector.recipes import Recipe
from inspector.store.workspace import Workspace

QUICK = ("--preset", "fast", "--image-size", 64, "--phases", 1, "--device", "cpu")


def test_rule_of_the_command_line_and_of_a_recipe(run, tmp_path, make_photos):
    make_photos(tmp_path / "A7", 4, spot=True)
    with Workspace(tmp_path / "workspace") as store:
        store.recipes.save(Recipe(name="gear", part_id=r"part_(?P<part>\d)"))

    code, out, err = run("scan", tmp_path / "A7", *QUICK, "--part-id", r"part_(?P<part>[01])")
    assert code == 0, err
    assert "the rule for part ids does not fit 2 of 4 names, part_2.png first" in err
    assert "Part" in out.splitlines()[0]
    code, _, err = run("scan", tmp_path / "A7", *QUICK, "--recipe", "gear")
    assert code == 0, err
    code, _, err = run("scan", tmp_path / "A7", "--part-id", "(?P<part>")
    assert code == 1
    assert "part_id (--part-id): it is no regular expression" in err

    with Workspace(tmp_path / "workspace") as store:
        found = [[sample.identity.get("part") for sample in store.runs.samples(number)] for number in (1, 2)]
    assert found == [["0", "1", None, None], ["0", "1", "2", "3"]]
