"""Codes in photos tell which part it is."""

import sys

import numpy as np
import pytest
from PIL import Image

from inspector.data.barcodes import read_code, require_reader
from inspector.data.samples import Batch, Sample
from inspector.errors import SettingsError
from inspector.jobs.identities import read_codes
from inspector.settings import ScanSettings

zxingcpp = pytest.importorskip("zxingcpp")


def write_photo(path, codes):
    """Save a grey photo with codes: (text, kind, row, column) each."""
    pixels = np.full((240, 420, 3), 130, np.uint8)
    for text, kind, row, column in codes:
        drawn = np.array(zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=3))
        pixels[row : row + drawn.shape[0], column : column + drawn.shape[1]] = drawn[..., None]
    Image.fromarray(pixels).save(path)
    return path


@pytest.mark.parametrize("kind", ["DataMatrix", "QRCode", "Code128"])
def test_code_of_each_kind_is_read(tmp_path, kind):
    assert read_code(write_photo(tmp_path / "a.png", [("SN-0012", kind, 40, 20)])) == "SN-0012"


def test_of_several_codes_the_highest_counts(tmp_path):
    photo = write_photo(tmp_path / "a.png", [("low", "DataMatrix", 150, 20), ("high", "DataMatrix", 20, 150)])

    assert read_code(photo) == "high"


def test_photo_without_code_and_file_without_photo_have_none(tmp_path):
    (tmp_path / "b.png").write_bytes(b"no photo")

    assert [read_code(write_photo(tmp_path / "a.png", [])), read_code(tmp_path / "b.png")] == ["", ""]


def test_codes_are_kept_with_what_names_tell_and_missing_ones_are_noted(store, tmp_path):
    photos = [write_photo(tmp_path / f"{i}.png", codes) for i, codes in enumerate(([("77", "QRCode", 9, 9)], []))]
    known = {"part": "by name", "lot": "A7"}
    batch = Batch(tmp_path, tuple(Sample(photo.name, image=photo, identity=known) for photo in photos))
    run_id, told = store.runs.create(batch, ScanSettings(barcode=True)), []

    read_codes(run_id, batch, [0, 1], {}, store, told.append)

    assert [sample.identity for sample in store.runs.samples(run_id)] == [{"part": "77", "lot": "A7"}, known]
    assert store.runs.get(run_id).notes == ["no code was found in 1 of 2 photos, 1.png first"]
    assert [event.message for event in told] == store.runs.get(run_id).notes


def test_what_somebody_typed_stands_when_codes_are_read_again(store, tmp_path):
    photos = [write_photo(tmp_path / f"{i}.png", [("77", "QRCode", 9, 9)]) for i in range(2)]
    batch = Batch(tmp_path, tuple(Sample(photo.name, image=photo) for photo in photos))
    run_id = store.runs.create(batch, ScanSettings(barcode=True))
    store.runs.keep_identity(run_id, 1, {"part": "78"}, "Ann")

    read_codes(run_id, batch, [0, 1], {}, store, lambda _: None)

    assert [sample.identity for sample in store.runs.samples(run_id)] == [{"part": "77"}, {"part": "78"}]
    assert store.audit.find_problems() == []


def test_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "zxingcpp", None)

    with pytest.raises(SettingsError, match=r"barcode.*pip install 'mutual-inspector\[barcode\]'"):
        require_reader()
