import gzip

import imagecodecs
import numpy as np
import pytest

from inspector.data.clouds.cloud import decode_cloud
from inspector.data.photos import decode_photo
from inspector.errors import InputError

PHOTO = np.zeros((4, 6), np.uint8)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\n<!DOCTYPE html><html>404</html>", "a web page, as a server sends in the place of a file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "fetch the file by git lfs pull"),
        (gzip.compress(b"photo", mtime=0), "an archive, which is not read: unpack it"),
        (b"%PDF-1.4\n", "a document, which is not read"),
        (b"\0\0\0\x18ftypmp42", "a video, which is not read"),
        (b"v/1\x01" + bytes(20), "a picture of a kind that is not read"),
        (imagecodecs.jpegls_encode(PHOTO), "a picture of a kind that is not read"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\4CgBI" + bytes(40), "a picture of a kind that is not read"),
        (b"P7\n# made by a camera\nWIDTH 2\n", "a picture of a kind that is not read"),
        (b"# .PCD v.7\n", "rename it to end in .pcd"),
        (bytes(3000), "nothing but zeros"),
    ],
)
def test_what_lies_under_the_name_of_a_photo_is_named(content, told):
    with pytest.raises(InputError, match=rf"part.jpg cannot be read: .*{told}"):
        decode_photo(content, "part.jpg")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("part.ply", b"# .PCD v.7\n", "rename it to end in .pcd"),
        ("part.ply", bytes(3000), "nothing but zeros"),
        ("part.xyz", imagecodecs.png_encode(PHOTO), "a photo by its content, but not by its name"),
        ("part.pcd", b"PK\x03\x04" + bytes(30), "an archive"),
        ("part.tiff", b"<html>404</html>", "a web page"),
    ],
)
def test_what_lies_under_the_name_of_a_cloud_is_named(name, content, told):
    with pytest.raises(InputError, match=rf"{name} cannot be read: .*{told}"):
        decode_cloud(content, name)


def test_a_damaged_cloud_under_its_own_name_is_called_damaged():
    with pytest.raises(InputError, match=r"part\.ply has a PLY header that cannot be understood"):
        decode_cloud(b"ply\nend_header\n", "part.ply")
