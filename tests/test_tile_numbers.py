"""How numbers of tiles are written: in settings, TOML and options."""

import pytest

from inspector.errors import SettingsError
from inspector.presets import load_settings
from inspector.settings import ScanSettings
from inspector.tile_numbers import read_tiles, write_tiles


@pytest.mark.parametrize(
    ("given", "written"),
    [(3, "3"), ("16", "16"), (" 2 X 5", "2x5"), ("2×5", "2x5"), ("1x1", "1"), ("2x2", "2x2"), ("Auto", "auto")],
)
def test_numbers_of_tiles_have_one_form(given, written):
    assert write_tiles(given) == written
    assert write_tiles(written) == written


def test_numbers_are_read():
    assert (read_tiles("3"), read_tiles("2x5")) == ((3,), (2, 5))


@pytest.mark.parametrize("given", [0, 17, "2x17", "0x2", "2x", "x2", "2x3x4", "many", "", -1, 1.5, True, None])
def test_what_is_no_number_of_tiles_is_refused(given):
    with pytest.raises(SettingsError, match="setting `tiles`: give auto, a number from 1 to 16, or rows x columns"):
        ScanSettings().changed(tiles=given)


@pytest.mark.parametrize(("toml", "tiles"), [('"2x5"', "2x5"), ("3", "3"), ('"auto"', "auto")])
def test_a_file_of_settings_may_say_it_in_all_ways(tmp_path, toml, tiles):
    file = tmp_path / "settings.toml"
    file.write_text(f"tiles = {toml}\n")

    settings = load_settings(file=file)

    assert settings.tiles == tiles
    file.write_text(settings.to_toml())
    assert load_settings(file=file) == settings
