"""The settings of a run, as this version of the program takes them."""

from inspector.settings import ScanSettings
from inspector.store.records import RunRecord


def read_settings(run: RunRecord) -> ScanSettings:
    """Return the settings that a run was made with; where it is from before there was a choice, what was done then.

    Raises:
        SettingsError: they do not go with each other any more.
    """
    before = {"alignment": run.alignment, "resize": "bicubic", "fusion": "sum", "recurring": "off"}
    settings = {**before, **run.settings}
    if isinstance(tiles := settings.get("tiles"), int):  # of before there were rows x columns
        settings["tiles"] = f"{tiles}x{tiles}"
    return ScanSettings().changed(**settings)
