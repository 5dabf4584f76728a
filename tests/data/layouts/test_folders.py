import os
from pathlib import Path

import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.data.layouts.listing import natural_key
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError
from inspector.jobs.given_parts import list_given


def put(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (2, 2)).save(path)


def names(batch):
    return [sample.name for sample in batch.samples]


def test_plain_folder_in_natural_order(tmp_path):
    for name in ("part_10.png", "part_2.JPG", "b/part_1.tif", "notes.txt", ".hidden.png", ".trash/x.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    batch = read_batch(tmp_path)

    assert names(batch) == ["b/part_1.tif", "part_2.JPG", "part_10.png"]
    assert batch.layout == "plain"
    assert {sample.label for sample in batch.samples} == {None}


def test_mvtec_ad_from_category_and_from_test_folder(tmp_path):
    for name in ("train/good/0.png", "test/good/0.png", "test/cut/0.png", "ground_truth/cut/0_mask.png"):
        put(tmp_path / name)

    for root, prefix in ((tmp_path, "test/"), (tmp_path / "test", "")):
        batch = read_batch(root)

        assert batch.layout == "mvtec-ad"
        assert names(batch) == [f"{prefix}cut/0.png", f"{prefix}good/0.png"]
        assert [sample.label for sample in batch.samples] == [True, False]
        assert [sample.kind for sample in batch.samples] == ["cut", "good"]
        assert [sample.mask for sample in batch.samples] == [tmp_path / "ground_truth/cut/0_mask.png", None]


def test_mvtec_3d_takes_photos_not_masks(tmp_path):
    for name in ("test/good/rgb/0.png", "test/good/gt/0.png", "test/hole/rgb/0.png", "test/hole/gt/0.png"):
        put(tmp_path / name)

    batch = read_batch(tmp_path / "test")

    assert batch.layout == "mvtec-3d"
    assert names(batch) == ["good/rgb/0.png", "hole/rgb/0.png"]
    assert batch.samples[1].mask == tmp_path / "test/hole/gt/0.png"


def test_symlink_loop_ends(tmp_path):
    put(tmp_path / "a/one.png")
    (tmp_path / "a/loop").symlink_to(tmp_path, target_is_directory=True)

    assert names(read_batch(tmp_path)) == ["a/one.png"]


def test_linked_folder_is_followed(tmp_path):
    put(tmp_path / "elsewhere/one.png")
    (tmp_path / "batch").mkdir()
    (tmp_path / "batch/link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)

    assert names(read_batch(tmp_path / "batch")) == ["link/one.png"]


def test_empty_folder_says_what_is_read(tmp_path):
    with pytest.raises(InputError, match=r"no photo or cloud in .*\.bmp .*\.png"):
        read_batch(tmp_path)


def test_missing_folder_and_file_as_folder(tmp_path):
    with pytest.raises(InputError, match="there is no folder"):
        read_batch(tmp_path / "gone")
    put(tmp_path / "one.png")
    with pytest.raises(InputError, match="is a file; give the folder"):
        read_batch(tmp_path / "one.png")


def test_unknown_layout_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected a layout of mvtec-3d, visa"):
        read_batch(tmp_path, "mvtec")


def test_natural_key_mixes_digits_and_letters(tmp_path):
    found = sorted((tmp_path / name for name in ("a", "10", "9", "B1", "b02")), key=natural_key)

    assert [path.name for path in found] == ["9", "10", "a", "B1", "b02"]


def test_sample_needs_a_file():
    with pytest.raises(ValueError, match="needs an image or a cloud"):
        Sample("nothing")


def test_names_in_a_batch_are_unique(tmp_path):
    sample = Sample("one", image=tmp_path / "one.png")

    with pytest.raises(ValueError, match="unique"):
        Batch(tmp_path, (sample, sample))


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always text")
def test_a_folder_whose_path_is_no_text_is_told(tmp_path, store):
    folder = tmp_path / os.fsdecode(b"lot_\xff") / "photos"
    put(folder / "part_1.png")
    put(folder / "part_2.png")

    with pytest.raises(InputError, match=r"the path of the folder '.*lot_\\udcff.photos' is no valid text; rename it"):
        read_batch(folder)
    with pytest.raises(InputError, match="is no valid text"):
        list_given(folder, None, store)


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always text")
def test_undecodable_name_is_noted_and_the_rest_is_read(tmp_path):
    (tmp_path / os.fsdecode(b"part_\xff.png")).touch()
    put(tmp_path / "part_1.png")

    batch = read_batch(tmp_path)

    assert names(batch) == ["part_1.png"]
    assert batch.notes == ("'part_\\udcff.png' was left out: its name is no valid text; rename the file",)


@pytest.mark.parametrize(
    ("files", "layout"),
    [
        (["2.png", "10.png", "3.ply", "1.ply", "b/1.ply", "a/2.png"], "plain"),
        (["a-b/1.png", "a/1.ply", "a/2.png", "a_b/1.png"], "plain"),
        (["test/good/rgb/0.png", "test/good/xyz/1.tiff", "test/good/rgb/2.png", "test/bent/xyz/0.tiff"], "mvtec-3d"),
        (["test/good/10.png", "test/good/9.png", "test/a-b/1.png", "test/a/1.png"], "mvtec-ad"),
        (["good/2.png", "bad/1.png", "bad-er/1.png"], "folder"),
    ],
)
def test_samples_come_in_natural_order_of_their_names(tmp_path, files, layout):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    names = [sample.name for sample in read_batch(tmp_path, layout).samples]

    assert sorted(names) == sorted(files)
    assert names == sorted(names, key=lambda name: natural_key(Path(name)))


def test_natural_order_counts_and_goes_folder_by_folder():
    names = ["b/1", "a-b/1", "a/10", "a/9", "A/8", "a/b/1"]

    assert sorted(names, key=lambda name: natural_key(Path(name))) == ["A/8", "a/9", "a/10", "a/b/1", "a-b/1", "b/1"]
