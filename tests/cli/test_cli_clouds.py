"""Clouds on the command line."""

import json

import pytest

from tests.clouds import make_parts

SMALL = ("--image-size", 64, "--more-sizes", "none")


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "small.toml").write_text("groups = 32\ngroup_size = 16\ngroup_step = 10\n")
    return "--settings", tmp_path / "small.toml"


@pytest.fixture
def parts(tmp_path):
    make_parts(tmp_path / "parts", 4, photo_mark=(50, 80))
    (tmp_path / "parts/test/good").rename(tmp_path / "parts/test/spot")
    make_parts(tmp_path / "parts", 4)
    return tmp_path / "parts"


@pytest.mark.parametrize(("modality", "clouds"), [("2d", 0), ("3d", 8), ("auto", 8)])
def test_scan_takes_the_modality(run, parts, settings, tmp_path, modality, clouds):
    code, stdout, _ = run("scan", parts, *SMALL, *settings, "--modality", modality, "--export", tmp_path / "out")

    assert code == 0
    assert len(list((tmp_path / "out").rglob("*.ply"))) == clouds
    assert "8" in stdout


def test_options_reach_the_settings(run, parts, settings):
    options = ("--background", "off", "--point-feature", "fpfh", "--references", 7, "--modality", "2d+3d")

    code, stdout, _ = run("scan", parts, *SMALL, *settings, *options, "--dry-run")

    assert code == 0
    for line in ('modality = "2d+3d"', 'background = "off"', 'point_feature = "fpfh"', "references = 7"):
        assert line in stdout


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--modality", "4d", "setting modality (--modality): "),
        ("--background", "grass", "setting background (--background): "),
        ("--point-feature", "none", "setting point_feature (--point-feature): "),
        ("--references", "1", "setting references (--references): "),
    ],
)
def test_wrong_values_are_one_line(run, parts, option, value, told):
    code, _, stderr = run("scan", parts, option, value)

    assert code == 1
    assert told in stderr
    assert len(stderr.strip().splitlines()) == 1


def test_point_mae_without_weights(run, parts, monkeypatch, tmp_path):
    monkeypatch.setenv("INSPECTOR_WEIGHTS", str(tmp_path / "none"))

    code, _, stderr = run("scan", parts, *SMALL, "--point-feature", "point-mae")

    assert code == 1
    assert "pretrain.pth" in stderr


def test_evaluate_uses_the_clouds(run, parts, settings, tmp_path):
    arguments = ("evaluate", parts, "--layout", "mvtec-3d", *SMALL, *settings, "--out", tmp_path / "out", "--side", 64)

    code, _, _ = run(*arguments)

    assert code == 0
    (row,) = json.loads((tmp_path / "out/evaluation.json").read_text())["categories"]
    assert list(row.values())[:3] == ["parts", 8, 4]
    assert list((tmp_path / "workspace").rglob("clouds/*.npz"))
