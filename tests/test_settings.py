import ast
import inspect

import pytest

from inspector import recipes, settings
from inspector.errors import SettingsError
from inspector.presets import PRESETS, load_settings
from inspector.settings import Method, Resources, ScanSettings, Tracing
from inspector.weights.catalogue import CATALOGUE


def test_toml_goes_round(tmp_path):
    settings = ScanSettings(degrees=(1, 3), threshold_k=4.5, windows=())
    file = tmp_path / "settings.toml"
    file.write_text(settings.to_toml())

    assert load_settings(file=file) == settings


def test_single_values_win_over_the_file(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("share = 0.5\nthreshold_k = 9.0\n")

    settings = load_settings(file=file, values={"share": 0.1, "device": None})

    assert (settings.share, settings.threshold_k, settings.device) == (0.1, 9.0, "auto")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"shares": 0.3}, "there is no setting 'shares'"),
        ({"share": 0}, "setting `share`: .*greater than 0.*but got 0"),
        ({"share": 1.01}, "setting `share`"),
        ({"degrees": (2, 4)}, "degrees must be odd and positive, but got 2, 4$"),
        ({"layers": "a"}, "setting `layers`: expected numbers with commas between, but got .a.$"),
        ({"degrees": ()}, "setting `degrees`"),
        ({"windows": (0,)}, "windows must be positive"),
        ({"device": "tpu"}, "setting `device`"),
    ],
)
def test_wrong_values_are_named(values, message):
    with pytest.raises(SettingsError, match=message):
        load_settings(values=values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [({}, "embedded"), ({"backbone": "efficientnet-lite0"}, "embedded"), ({"backbone": "dino-vit-b8"}, "published")],
)
def test_other_networks_are_scored_as_published(values, expected):
    assert load_settings(values=values) == PRESETS[expected].changed(**values)


def test_unknown_preset_lists_the_known_ones():
    with pytest.raises(SettingsError, match="choose one of: embedded"):
        load_settings("best")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"share = ", "no valid TOML"), (b"\xff\xfe", "no valid TOML: it is no text in UTF-8")],
)
def test_broken_toml_is_named(tmp_path, content, message):
    file = tmp_path / "settings.toml"
    file.write_bytes(content)

    with pytest.raises(SettingsError, match=message):
        load_settings(file=file)


def test_toml_with_a_byte_order_mark_is_read(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("share = 0.5", encoding="utf-8-sig")

    assert load_settings(file=file).share == 0.5


def test_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"gone\.toml: No such file"):
        load_settings(file=tmp_path / "gone.toml")


@pytest.mark.parametrize("name", PRESETS)
def test_presets_go_through_toml(tmp_path, name):
    file = tmp_path / "preset.toml"
    file.write_text(PRESETS[name].to_toml())

    assert load_settings(file=file) == PRESETS[name]


def test_preset_musc_is_as_published():
    musc = load_settings("musc")

    assert (musc.backbone, musc.image_size, musc.layers) == ("clip-vit-l14-336", 518, (5, 11, 17, 23))
    assert (musc.aggregation, musc.degrees, musc.share, musc.windows) == ("lnamd", (1, 3, 5), 0.3, (1, 2, 3))
    assert musc.references > 100_000  # all others


def test_preset_dinov2_s_fits_its_network():
    preset = load_settings("dinov2-s")
    info = CATALOGUE[preset.backbone]

    assert (info.name, info.licence) == ("dinov2-vit-s14", "Apache-2.0")
    assert (preset.image_size, preset.layers) == (518, (2, 5, 8, 11)) == (info.image_size, info.layers)
    assert preset.image_size % info.patch == 0
    assert preset.layers[-1] == info.depth - 1
    assert preset == ScanSettings(backbone=info.name, image_size=518, layers=info.layers).changed(
        aggregation="lnamd-mean", score_share=0.01
    )  # all else as published by MuSc


@pytest.mark.parametrize(
    ("preset", "family", "resize"),
    [
        *(("musc", "clip", "bicubic"), ("musc", "dino", "bilinear"), ("musc", "dinov2", "bilinear")),
        *(("published", "clip", "bicubic"), ("published", "dino", "bilinear"), ("published", "dinov3", "bicubic")),
        *(("musc-v2", "dino", "bicubic"), ("embedded", "stages", "bicubic"), ("published", "stages", "bicubic")),
    ],
)
def test_presets_resize_as_the_programs_that_were_published(preset, family, resize):
    assert PRESETS[preset].resize_for(family) == resize


def test_a_filter_that_is_set_is_used_for_every_network():
    for resize in ("bicubic", "bilinear"):
        assert {PRESETS["musc"].changed(resize=resize).resize_for(family) for family in ("clip", "dino")} == {resize}


def test_preset_fast_is_embedded_at_one_size():
    assert load_settings("fast") == load_settings("embedded").changed(
        layers=None, aggregation="lnamd-mean", metric="off", more_sizes=(), part_box="off", subspace=0
    )


def test_method_and_resources_share_the_settings_out():
    settings = ScanSettings(share=0.5, memory=2.0)

    assert [*Method.model_fields, *Resources.model_fields, *Tracing.model_fields] == list(ScanSettings.model_fields)
    assert list(Resources.model_fields) == ["device", "memory", "batch_size"]
    assert list(Tracing.model_fields) == ["part_id", "barcode"]
    parts = (settings.method, Resources(memory=2.0), Tracing())
    assert {name: value for part in parts for name, value in part} == settings.model_dump()
    assert hash(settings.method) == hash(settings.changed(memory=3.0, batch_size=4, device="cpu").method)
    assert settings.method != settings.changed(precision="half").method


def test_settings_of_earlier_versions_still_load():
    stored = dict(sorted(ScanSettings(memory=2.0).model_dump(mode="json").items()))  # one flat object, in any order

    assert ScanSettings(**stored) == ScanSettings(memory=2.0)


def test_group_that_grows_by_more_than_it_has_is_refused():
    with pytest.raises(SettingsError, match=r"`group_step`: .*more points than it has"):
        load_settings(values={"group_size": 32})
    assert load_settings(values={"group_size": 32, "group_step": 16}).group_step == 16


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("preset = ['fast']", "there is no preset"),
        ("share = " + "[" * 5000, "no valid TOML"),
        (f"background = '{'x' * 3000}'", "x…"),
    ],
)
def test_settings_files_that_are_made_up_end_in_one_short_sentence(content, message, tmp_path):
    (tmp_path / "s.toml").write_text(content)

    with pytest.raises(SettingsError, match=message) as raised:
        load_settings(file=tmp_path / "s.toml")
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("name", PRESETS)
def test_published_rules_add_maps_as_they_are(name):
    assert (PRESETS[name].fusion == "sum") == (name in ("published", "musc", "musc-v2"))


def test_a_complete_file_leaves_nothing_of_a_recipe_showing_through(tmp_path):
    own = PRESETS["fast"].changed(references=30)
    (tmp_path / "own.toml").write_text(own.to_toml(complete=True))

    found = load_settings("embedded", tmp_path / "own.toml", None, {"roi": "x.png", "search_radius": 3, "share": 0.5})

    assert found == own


@pytest.mark.parametrize("module", [settings, recipes])
def test_type_checkers_of_other_programs_see_the_defaults(module):
    """Without pydantic's plugin they know a default by its keyword alone; `ScanSettings()` was 46 errors of mypy."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    fields = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Field"]

    assert fields
    assert [ast.unparse(call) for call in fields if call.args] == []


@pytest.mark.parametrize(
    ("preset", "given", "expected"),
    [
        ("embedded", {}, "near"),
        ("fast", {"windows": (1, 2)}, "auto"),
        ("embedded", {"windows": ()}, "near"),
        ("embedded", {"windows": (1, 2), "rescoring": "near"}, "near"),
        ("musc-v2", {"windows": (1, 2)}, "salient"),
        ("musc", {}, "auto"),
    ],
)
def test_windows_alone_choose_neighbourhoods(preset, given, expected):
    assert load_settings(preset, values=given).rescoring == expected


def test_windows_that_are_given_later_win_over_nearness(tmp_path):
    (tmp_path / "near.toml").write_text('rescoring = "near"\nwindows = [1, 2]')

    assert load_settings("embedded", tmp_path / "near.toml").rescoring == "near"
    assert load_settings("embedded", tmp_path / "near.toml", {"windows": (1, 8, 9)}).rescoring == "auto"
    assert load_settings("musc", values={"windows": (1, 8, 9)}, kept={"rescoring": "near"}).rescoring == "auto"
