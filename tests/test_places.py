"""What is asked in passing of a share that fails just then."""

import pytest

from inspector.data.layouts.listing import require_folder
from inspector.data.layouts.tree import walk
from inspector.data.masks import read_mask
from inspector.errors import InputError, StoreError
from inspector.jobs.looking import WatchedRoot
from inspector.places import is_file, is_folder, is_there
from inspector.store.rois import load_roi


@pytest.mark.parametrize("ask", [is_file, is_folder, is_there])
def test_what_cannot_be_looked_at_is_not_there(tmp_path, failing, ask):
    path = tmp_path / "share"
    path.touch() if ask is is_file else path.mkdir()

    assert ask(path)
    failing.add(path)
    assert not ask(path)


def test_photos_are_listed_where_another_file_beside_them_cannot_be_looked_at(make_photos, tmp_path, failing):
    make_photos(tmp_path, 2)
    (tmp_path / "inspector.db").touch()
    failing.add(tmp_path / "inspector.db")

    assert {"part_0.png", "part_1.png"} <= {found.path.name for found in walk(tmp_path) if not found.reason}


def test_a_folder_that_fails_just_then_is_told_in_a_sentence(tmp_path, failing):
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "000.png").touch()
    failing.add(tmp_path / "masks" / "000.png")
    with pytest.raises(InputError, match=r"the folder .+masks cannot be listed: "):
        read_mask(tmp_path / "masks")

    failing.add(tmp_path)
    with pytest.raises(InputError, match="cannot be listed: "):
        require_folder(tmp_path)


def test_a_region_of_interest_is_not_taken_for_none_where_it_cannot_be_looked_for(store):
    folder = store.artefacts.run_folder(1)
    assert load_roi(store, 1) is None
    folder.parent.mkdir()
    folder.touch()
    with pytest.raises(StoreError, match=f"the folder {folder} cannot be listed: "):
        load_roi(store, 1)


def test_a_line_begins_on_a_share_that_fails_just_then(tmp_path, failing):
    (tmp_path / "part.png").touch()
    failing.add(tmp_path)
    root = WatchedRoot(tmp_path)

    assert root.is_away()
