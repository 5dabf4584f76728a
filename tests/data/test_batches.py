import pytest
from datasets import PATHS, make_category

from inspector.data.layouts.batches import find_batches
from inspector.errors import InputError


def names(root, layout="auto"):
    return [folder.relative_to(root).as_posix() for folder in find_batches(root, layout)]


@pytest.mark.parametrize("layout", sorted(set(PATHS) - {"folder"}))
def test_categories_of_datasets_are_batches_as_a_whole(tmp_path, layout):
    for name in ("b", "a"):
        make_category(tmp_path / name, layout)

    assert names(tmp_path) == names(tmp_path, layout) == ["a", "b"]


def test_the_layout_folder_is_one_where_it_is_named(tmp_path):
    make_category(tmp_path / "nut", "folder")

    assert names(tmp_path, "folder") == ["nut"]
    assert names(tmp_path) == ["nut/masks/spot", "nut/ok", "nut/spot"]


def test_photos_and_clouds_of_one_batch_may_have_folders_of_their_own(tmp_path, make_photos):
    for folder in ("lot/photos", "lot/clouds", "other/photos"):
        make_photos(tmp_path / folder, 1)

    assert names(tmp_path) == ["lot", "other/photos"]


def test_lots_that_look_like_the_kinds_of_a_dataset_are_batches_where_the_layout_is_named(tmp_path, make_photos):
    for folder in ("may/rgb", "may/xyz", "june/rgb"):
        make_photos(tmp_path / folder, 1)

    assert names(tmp_path, "plain") == ["june/rgb", "may"]
    with pytest.raises(InputError, match="holds one batch, of the layout mvtec-3d"):
        find_batches(tmp_path)


def test_what_lies_below_a_batch_is_its_own_and_other_files_make_none(tmp_path, make_photos):
    make_photos(tmp_path / "lot", 1)
    make_photos(tmp_path / "lot" / "close", 1)
    make_photos(tmp_path / ".hidden", 1)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("a")
    (tmp_path / "notes" / "back").symlink_to(tmp_path / "notes", target_is_directory=True)

    assert names(tmp_path) == ["lot"]


def test_what_is_no_folder_of_batches_is_told(tmp_path, make_photos):
    make_category(tmp_path / "nut", "btad")
    make_photos(tmp_path / "lot", 1)
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputError, match="there is no folder"):
        find_batches(tmp_path / "gone")
    for one in ("nut", "lot"):
        with pytest.raises(InputError, match="holds one batch, of the layout"):
            find_batches(tmp_path / one)
    with pytest.raises(InputError, match="no folder below"):
        find_batches(tmp_path / "empty")
    with pytest.raises(ValueError, match="expected a layout"):
        find_batches(tmp_path, "round")
