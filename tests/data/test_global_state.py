"""Reading files leaves the settings of the libraries as they are: other code in the process relies on them."""

import io
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.clouds.cloud import read_cloud
from inspector.data.masks import read_mask
from inspector.data.photos import decode_image
from inspector.errors import InputError


def test_tifffile_logs_again_after_two_threads_overlapped(tmp_path, monkeypatch, caplog):
    path = tmp_path / "cut.tiff"
    tifffile.imwrite(path, np.zeros((8, 8, 3), np.float32), photometric="rgb")
    path.write_bytes(path.read_bytes()[:300])
    inside = Barrier(2, timeout=10)
    imread = tifffile.imread

    def read_together(file):
        inside.wait()
        logging.getLogger("tifffile").warning("said by a reader")
        return imread(file)

    monkeypatch.setattr(tifffile, "imread", read_together)

    def read():
        with pytest.raises(InputError, match=r"is damaged or cut off \(some of its pixels are missing\)"):
            read_cloud(path)

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(read) for _ in range(2)]:
            future.result()

    assert caplog.messages == []
    logging.getLogger("tifffile").warning("said by others")
    assert caplog.messages == ["said by others"]


@pytest.fixture
def tight_limit(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)


def encode(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def test_photos_beyond_pillows_limit_are_read_and_the_limit_stays(tight_limit, tmp_path):
    pixels = np.full((20, 30, 3), 77, np.uint8)

    assert np.array_equal(decode_image(encode(pixels), "large.png"), pixels)
    (tmp_path / "mask.png").write_bytes(encode(pixels[..., 0]))
    assert read_mask(tmp_path / "mask.png").shape == (20, 30)
    assert Image.MAX_IMAGE_PIXELS == 10


def test_photo_beyond_our_own_limit_is_refused(monkeypatch):
    monkeypatch.setattr("inspector.data.pixels.raw_photo.MOST_PIXELS", 500)

    with pytest.raises(InputError, match="more than 2 gigapixels"):
        decode_image(encode(np.zeros((20, 30), np.uint8)), "large.png")
