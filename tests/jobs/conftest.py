"""Photos that come to a watched folder."""

import shutil
import time

import pytest


@pytest.fixture
def parts(make_photos, tmp_path):
    """Twelve good photos, the first of another folder with a dark spot."""
    good = make_photos(tmp_path / "stock", 12)
    (bad, *_) = make_photos(tmp_path / "bad", 1, spot=True)
    return {"good": good, "bad": bad}


@pytest.fixture
def drop(folder):
    """Put copies of photos into the watched folder, one after the other."""
    folder.mkdir()

    def put(paths, name="{}", pause=0.0):
        for index, path in enumerate(paths):
            shutil.copy(path, folder / f".{path.name}")
            (folder / f".{path.name}").rename(folder / name.format(f"{index:02d}_{path.name}"))
            time.sleep(pause)

    return put
