"""`inspector watch --source`: a film is a line."""

import cv2
import pytest

from inspector.store.workspace import Workspace
from tests.cameras.cameras import make_film
from tests.watching import expect_parts

SMALL = ("--image-size", "64", "--settle", "0", "--idle", "0.3", "--warm-up", "4")


@pytest.fixture
def film(make_photos, tmp_path):
    paths = make_photos(tmp_path / "photos", 7, spot=True)
    return make_film(tmp_path / "line.avi", [cv2.imread(str(path))[..., ::-1] for path in paths])


def test_each_photo_of_a_film_is_judged_once(run, folder, film, tmp_path, monkeypatch):
    expect_parts(monkeypatch, 7)
    words = ("--only-new", "--source", f"file:{film}", "--every", "0.001")
    code, stdout, stderr = run("watch", folder, *SMALL, *words)

    assert code == 0, stderr
    assert len(stdout.splitlines()) == 8
    assert "the film is at its end" in stderr
    names = sorted(path.name for path in folder.iterdir())
    assert [name[-10:-4] for name in names] == [f"{number:06d}" for number in range(1, 8)]
    with Workspace(tmp_path / "workspace") as store:
        assert sorted(sample.name for sample in store.runs.samples(1)) == names
    assert run("watch", folder, *SMALL, "--resume")[1].startswith("Run 1: 7 parts")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--source", "0"), "gives photos all the time"),
        (("--source", "file:nowhere.avi"), "camera file:nowhere.avi: there is no such file"),
        (("--source", "rtsp://plant"), "there is no camera 'rtsp://plant'"),
        (("--source", "0", "--every", "1", "--trigger", "key"), "one trigger"),
        (("--source", "0", "--every", "0"), "a timer takes"),
        (("--every", "1"), "name the camera"),
        (("--trigger", "key"), "name the camera"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_before_a_run_begins(run, folder, tmp_path, given, told):
    folder.mkdir()

    code, _, stderr = run("watch", folder, *given)

    assert code == 1
    assert told in stderr
    assert len(stderr.splitlines()) == 1
    with Workspace(tmp_path / "workspace") as store:
        assert store.runs.all() == []
