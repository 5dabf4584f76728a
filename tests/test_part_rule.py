import pytest

from inspector.data.identities import identify_batch
from inspector.data.samples import Batch, Sample
from inspector.errors import SettingsError
from inspector.part_rule import describe_misfits, read_identity, write_identity
from inspector.settings import ScanSettings

RULE = r"(?P<lot>\w+)/(?P<part>\d+)_(?P<view>top|side)?"


@pytest.mark.parametrize(
    ("name", "caught"),
    [
        ("A7/0012_top.png", {"lot": "A7", "part": "0012", "view": "top"}),
        ("old/A7/0012_.png", {"lot": "A7", "part": "0012"}),
        ("0012.png", {}),
    ],
)
def test_named_groups_are_what_is_known_of_a_part(name, caught):
    assert read_identity(RULE, name) == caught


def test_no_rule_catches_nothing():
    assert read_identity("", "A7/0012_top.png") == {}


@pytest.mark.parametrize(("rule", "told"), [("(?P<part>", "no regular expression"), (r"\d+", "no named group")])
def test_a_wrong_rule_is_refused_with_what_is_wrong(rule, told):
    with pytest.raises(SettingsError, match=f"part_id.*{told}"):
        ScanSettings().changed(part_id=rule)


def test_what_a_rule_misses_is_told():
    assert describe_misfits(RULE, ["A7/1_", "A7/2_"]) == ""
    assert (
        describe_misfits(RULE, ["A7/1_", "b.png", "c.png"])
        == "the rule for part ids does not fit 2 of 3 names, b.png first"
    )
    assert describe_misfits(RULE, ["b.png", "c.png"]) == "the rule for part ids fits none of the 2 names, as b.png"
    assert describe_misfits("", ["b.png"]) == ""


def test_batch_knows_its_parts_and_notes_what_is_missed(tmp_path):
    batch = Batch(tmp_path, (Sample("A7/1_top", image=tmp_path / "a"), Sample("b", image=tmp_path / "b")))

    found = identify_batch(batch, RULE)

    assert [sample.identity for sample in found.samples] == [{"lot": "A7", "part": "1", "view": "top"}, {}]
    assert found.notes == ("the rule for part ids does not fit 1 of 2 names, b first",)
    assert identify_batch(batch, "") is batch


def test_identity_on_one_line_begins_with_the_part():
    assert write_identity({"lot": "A7", "part": "0012"}) == "0012, lot A7"
    assert write_identity({"lot": "A7"}) == "lot A7"
