"""Options come from the fields of the settings: every field has one."""

import sys

import numpy as np
import pytest
from PIL import Image

from inspector.cli import main, options
from inspector.errors import InspectorError
from inspector.settings import ScanSettings

VALUES = {
    **{"modality": "2d", "backbone": "timm:some", "weights": "w.pth", "image_size": 64, "layers": "1,2"},
    **{"phases": 2, "aggregation": "snamd", "degrees": "1,3", "share": 0.5, "references": 9, "search_radius": 3},
    **{"rescoring": "salient", "windows": "1 7", "point_feature": "point-mae", "point_degrees": "1,3,5"},
    **{"point_weights": "p.pth", "groups": 12, "group_size": 8, "group_step": 4, "background": "off"},
    **{"camera": "711.11,700,320,240.5", "holes": "65535 -1.5", "score_share": 0.01, "threshold_k": 5.5},
    **{"precision": "half", "device": "cpu", "memory": 2.5, "batch_size": 3, "value_range": "0, 4095"},
    **{"alignment": "corners", "resize": "bilinear", "threshold": "auto", "fusion": "sum", "more_sizes": "64"},
    **{"roi": "roi.png", "min_region_area": 2.5, "min_region_strength": 1.5, "mm_per_pixel": 0.02},
    **{
        "part_box": "auto",
        "tiles": "2x5",
        "variants": "auto",
        "recurring": "correct",
        "poses": "auto",
        "metric": "auto",
        "subspace": 0.5,
    },
    **{"part_id": r"(?P<lot>\w+)_(?P<part>\d+)", "barcode": True},
}


@pytest.mark.parametrize("command", ["scan", "scan-many", "evaluate", "watch"])
def test_every_setting_has_an_option(run, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "120")
    shown = run(command, "--help")[1]

    assert set(VALUES) == set(ScanSettings.model_fields)
    assert [name for name in ScanSettings.model_fields if f" {options.name_flag(name)} " not in shown] == []


def test_every_option_reaches_its_setting(run, monkeypatch, make_photos, tmp_path):
    make_photos(tmp_path / "batch", 2)
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save(VALUES["roi"])
    received = []
    monkeypatch.setattr("inspector.jobs.predict.predict", lambda _batch, settings, _judges: received.append(settings))
    given = [text for name, value in VALUES.items() for text in (options.name_flag(name), value) if text is not True]

    code, _, stderr = run("scan", tmp_path / "batch", "--dry-run", *given)

    numbers = {"layers": (1, 2), "more_sizes": (64,), "degrees": (1, 3), "windows": (1, 7), "point_degrees": (1, 3, 5)}
    expected = ScanSettings(**{**VALUES, **numbers, "camera": (711.11, 700.0, 320.0, 240.5), "holes": (65535.0, -1.5)})
    assert (code, received) == (0, [expected]), stderr


def test_a_new_setting_is_an_option_at_once(monkeypatch):
    class More(ScanSettings):
        loud: bool = True
        speed: float | None = None

    monkeypatch.setattr(options, "ScanSettings", More)
    made = options._make_options()

    assert (made["loud"].__args__[0], made["speed"].__args__[0]) == (bool | None, float | None)


@pytest.mark.parametrize(("option", "value"), [("--layers", "x"), ("--camera", "wide"), ("--degrees", "1.5")])
def test_lists_that_are_none_are_wrong_usage(run, option, value):
    code, _, stderr = run("scan", ".", option, value)

    assert code == 2
    assert option in stderr


def test_settings_that_the_engine_names_are_told_with_their_flag(monkeypatch, capsys):
    def fail():
        raise InspectorError("choose a smaller `image_size`, see `inspector runs`, or `resume`")

    monkeypatch.setattr("inspector.cli.app", fail)
    monkeypatch.setattr(sys, "argv", ["inspector"])
    with pytest.raises(SystemExit):
        main()
    told = "inspector: choose a smaller image_size (--image-size), see `inspector runs`, or --resume\n"
    assert capsys.readouterr().err == told
