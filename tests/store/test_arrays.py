"""Files of arrays that are damaged or made up end in one sentence."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from inspector.errors import InputError
from inspector.evaluation.external_scores import ScoreTable, embeddings_from_file
from inspector.store.arrays import read_matrix

VALUES = np.arange(8, dtype=np.float32).reshape(2, 4)
TABLE = ScoreTable(Path("scores.csv"), ("path", "score"), (), ("a", "b"), (1.0, 2.0), (0, 1))


def make_header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(content, {"descr": kind, "fortran_order": False, "shape": shape})
    return content.getvalue()


def pack(content: bytes, name: str = "embeddings.npy", kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", kind) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def spoil(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def lock(archive: bytes) -> bytes:
    """Say of an archive's only member that it needs a password."""
    listed = archive.index(b"PK\x01\x02") + 8
    return archive[:6] + b"\x01\x00" + archive[8:listed] + b"\x01\x00" + archive[listed + 2 :]


WHOLE = make_header((2, 4)) + VALUES.tobytes()

HOSTILE = {
    "empty": b"",
    "header alone": make_header((2, 4)),
    "cut off": WHOLE[:-3],
    "three terabytes": make_header((2, 1 << 40)),
    "packed terabytes": pack(make_header((2, 1 << 40)) + bytes(1000)),
    "negative": make_header((2, -4)) + bytes(64),
    "no column": make_header((2, 0)),
    "wrong rows": make_header((3, 4)) + bytes(48),
    "one dimension": make_header((2,)) + bytes(8),
    "objects": make_header((2, 4), "|O") + b"cos\nsystem\n(S'true'\ntR.",
    "text": make_header((2, 4), "<U4") + bytes(128),
    "complex": make_header((2, 4), "<c8") + bytes(64),
    "infinite": make_header((2, 4)) + np.full(8, np.inf, np.float32).tobytes(),
    "nan": make_header((2, 4)) + np.full(8, np.nan, np.float32).tobytes(),
    "too large for float32": make_header((2, 4), "<f8") + np.full(8, 1e300).tobytes(),
    "archive without array": pack(b"", "readme.txt"),
    "archive that ends early": pack(WHOLE)[:-30],
    "archive with a wrong sum": spoil(pack(WHOLE, kind=zipfile.ZIP_STORED), 200),
    "archive with damaged packing": spoil(pack(np.random.default_rng(0).bytes(4000)), 60),
    "archive of an unknown kind": pack(WHOLE).replace(b"\x08\x00", b"\x63\x00"),
    "archive with a lock": lock(pack(WHOLE)),
    "header of brackets": b"\x93NUMPY\x01\x00" + (9000).to_bytes(2, "little") + b"(" * 9000,
    "header of nothing": b"\x93NUMPY\x01\x00\xff\xff",
    "version of tomorrow": b"\x93NUMPY\x09\x00" + WHOLE[8:],
}


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
@pytest.mark.parametrize("case", HOSTILE)
def test_made_up_files_end_in_one_sentence(tmp_path, case, suffix):
    path = tmp_path / f"file{suffix}"
    path.write_bytes(HOSTILE[case])

    with pytest.raises(InputError, match=rf"file\{suffix} (cannot be read as embeddings: |holds values)") as told:
        embeddings_from_file(TABLE, path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("make", [bytes, pack])
@pytest.mark.parametrize("place", range(0, len(pack(WHOLE)), 3))
def test_any_damage_gives_numbers_or_one_sentence(tmp_path, make, place):
    path = tmp_path / "file.npz"
    content = make(WHOLE)
    path.write_bytes(spoil(content, place % len(content)))

    with suppress(InputError):
        found = embeddings_from_file(TABLE, path)
        assert found.dtype == np.float32
        assert len(found) == 2


def test_order_of_columns_is_that_of_the_file(tmp_path):
    np.save(tmp_path / "a.npy", np.asfortranarray(VALUES.astype(">f8")))

    np.testing.assert_array_equal(read_matrix(tmp_path / "a.npy", 2), VALUES)


def test_an_empty_table_of_numbers_is_told(tmp_path):
    (tmp_path / "a.csv").write_text("")

    with pytest.raises(InputError, match=r"a\.csv holds an array of shape \(0, 1\); scores\.csv needs \(2, D\)"):
        embeddings_from_file(TABLE, tmp_path / "a.csv")
