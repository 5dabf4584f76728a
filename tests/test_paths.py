"""Paths may be given as text: every public function that takes a path takes it in either form."""

import ast
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from inspector import ScanSettings, Workspace, evaluate, read_batch, scan
from inspector.cameras.photo_files import write_photo
from inspector.data import arrivals, found_files
from inspector.data.barcodes import read_code
from inspector.data.clouds.cloud import decode_cloud, read_cloud
from inspector.data.clouds.depth import decode_eyecandies, is_eyecandies
from inspector.data.fetched import fetch_files
from inspector.data.kinds import describe_other, detect_kind, read_head
from inspector.data.layouts.folders import list_categories
from inspector.data.masks import read_mask
from inspector.data.photos import is_deep, measure_size, read_bytes, read_image
from inspector.data.pixel_headers import read_pixel_header
from inspector.data.roi_files import read_drawing, read_roi
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError, StoreError, WeightsError
from inspector.evaluation.external_scores import embeddings_from_file, find_samples, read_scores, rescore_table
from inspector.evaluation.imported_run import import_scores, read_map
from inspector.evaluation.tables import to_csv, to_json, to_latex, to_xlsx
from inspector.export.csv_files import write_csv
from inspector.export.manifest import write_manifest
from inspector.export.names import room_below
from inspector.export.report import write_report
from inspector.export.run import write_exports
from inspector.export.shown import FinishedRun
from inspector.export.story import Story
from inspector.export.tables import write_table
from inspector.features.backbones import load_backbone
from inspector.features.cache import TokenCache
from inspector.features.point_tokens import load_point_feature
from inspector.features.proof import PROOF
from inspector.files import file_sha256, read_edited_text, replacing, require_regular, sync_folder
from inspector.health.bundle import write_bundle
from inspector.health.checks import run_checks
from inspector.jobs.given_parts import list_given, make_arrival
from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.logs import end_log, keep_log
from inspector.places import is_empty, is_file, is_folder, is_there
from inspector.presets import load_settings
from inspector.recipes import make_recipe, pack_roi, read_recipe
from inspector.statistics.overview import read_overview
from inspector.statistics.report import write_page, write_tables
from inspector.statistics.selection import Selection
from inspector.statistics.shifts import USUAL, read_shifts
from inspector.store.arrays import read_matrix, read_plane
from inspector.store.artefacts import Artefacts, write_file
from inspector.store.audit import export_chain, read_chain
from inspector.store.backup import back_up, copy_database, files_beside, restore
from inspector.store.database import Database
from inspector.store.location import (
    folder_of,
    has_files_of_another,
    is_address,
    name_location,
    require_folder,
    tidy_location,
)
from inspector.store.records import AuditEntry
from inspector.store.relocation import relocate_run
from inspector.store.rois import keep_roi
from inspector.store.salvage import salvage
from inspector.weights import hub
from inspector.weights import store as kept
from inspector.weights.catalogue import CATALOGUE
from inspector.weights.files import read_weight_file
from inspector.weights.importing import import_weights, verify_weights
from inspector.weights.loading import load_weights, read_weights
from inspector.weights.torchscript import is_torchscript, read_torchscript
from tests import clouds, datasets
from tests.features import published_forms
from tests.features import small_vits as vits

ROOMS = Path(__file__).parents[1] / "inspector"
INNER = ("cli/", "data/layouts/", "health/", "server/", "sinks/", "jobs/handed_", "machine.", "storage.", "store/run_")
"""Rooms that are given paths by others, not by users; the command line makes its own."""
DOORS = ("data/layouts/folders.py", "health/bundle.py", "health/checks.py")

SMALL = ScanSettings(image_size=64, batch_size=4)
ENTRY = AuditEntry(1, "verdict", "{}", "", "")
INFO = vits.TINY_DINO

ROI = {"unit": "fractions", "features": [{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1]]]}}]}

Given = Callable[[str], Any]  # gives a path below the folder of the test, as text or as `Path`


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each kind."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "empty").mkdir()
    datasets.make_category(folder / "set", "folder", good=2, defective=1)
    Image.fromarray(clouds.photo(0)).save(folder / "photo.png")
    clouds.save_tiff(folder / "cloud.tiff", clouds.organised(0))
    (folder / "scores.csv").write_text("path,score\na,1\nb,2\n")
    np.save(folder / "embeddings.npy", np.eye(2, dtype=np.float32))
    (folder / "settings.toml").write_text("share = 0.5\n")
    (folder / "settings-recipe.toml").write_text("preset = 'fast'\n")
    (folder / "roi.json").write_text(json.dumps(ROI))
    torch.save(vits.dino_weights(), folder / "dino.pth")
    published_forms.torchscript(folder / "archive.pt", {"a.weight": torch.ones(2)})
    return folder


@pytest.fixture(autouse=True)
def _small_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOGUE, INFO.name, INFO)


def make_run(p: Given) -> tuple[Workspace, int]:
    store = Workspace(p("workspace"))
    runs = store.runs.all()
    return store, runs[0].id if runs else scan(read_batch(p("set")), SMALL, store)


def write_a_report(p: Given) -> Path:
    with make_run(p)[0] as store:
        return write_report(Story.load(FinishedRun.load(store, 1)), {}, p("report.html"))


def export_scores(p: Given) -> object:
    with make_run(p)[0] as store:
        return write_exports(store, 1, p("out"), ["scores"])


def write_through(writer: Callable[..., Any], path: str | Path) -> bytes:
    with writer(path) as beside:
        beside.write_text("content")
    return Path(path).read_bytes()


def measure(p: Given) -> object:
    with make_run(p)[0] as store:
        return evaluate(p("set"), "folder", SMALL, store, side=64)


def fetch(p: Given) -> str:
    """A hub that is not there: what is fetched would go below the folder."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    with pytest.MonkeyPatch.context() as patch, suppress(WeightsError):
        patch.setattr(hub, "get_hf_file_metadata", refuse)
        hub.fetch_from_hub(INFO.name, PROOF, folder=p("fetched"))
    return str(sorted(path.name for path in Path(p("fetched")).rglob("*")))


def bring_back(p: Given) -> bool:
    with make_run(p)[0] as store:
        copy_database(store.folder / "inspector.db", p("copy.db"))
        back_up(store.folder, p("backup.db"), with_files=True)
    return restore(p("backup.db"), p("restored"), replace=True)


def refuse_points(p: Given) -> str:
    with pytest.raises(WeightsError, match="holds tiny-dino, not point-mae") as told:
        load_point_feature("point-mae", p("dino.pth"))
    return str(told.value)


def refuse_depth(p: Given) -> str:
    with pytest.raises(ValueError, match=r"but got photo\.png") as told:
        decode_eyecandies(b"", p("photo.png"))
    return str(told.value)


def keep_a_roi(p: Given) -> object:
    with make_run(p)[0] as store:
        roi = keep_roi(store, 1, p("roi.json"))
        return roi and roi.size


def watch_a_folder(p: Given) -> str:
    with make_run(p)[0] as store:
        return store.runs.get(watch(p("empty"), SMALL, WatchOptions(golden=p("set"), idle=0), store)).root


def write_statistics(p: Given) -> bytes:
    with make_run(p)[0] as store:
        overview, places = read_overview(store, Selection(), "run", read_shifts(USUAL))
    return write_tables(overview, places, p("statistics"), "point")[0].read_bytes()


def import_some(p: Given) -> Any:
    with pytest.raises(InputError, match="none of the"), Workspace(p("imported")) as store:
        import_scores(p("scores.csv"), p("set"), store)


def grab(p: Given) -> bytes:
    write_photo(p("."), "grabbed.png", b"photo")
    return Path(p("grabbed.png")).read_bytes()


def relocate_nothing(p: Given) -> Any:
    with pytest.raises(StoreError, match="no run"), Workspace(p("relocated")) as store:
        relocate_run(store, 1, p("set"))


ABOUT_A_PHOTO = (detect_kind, is_deep, is_empty, is_eyecandies, is_file, is_folder, is_there, read_bytes, read_head)

CALLS: dict[str, Callable[[Given], Any]] = {
    **{ask.__name__: lambda p, ask=ask: ask(p("photo.png")) for ask in ABOUT_A_PHOTO},
    "relocate_run": relocate_nothing,
    "write_tables": write_statistics,
    "write_page": lambda p: write_page("<p></p>", p("page.html")),
    "read_cloud": lambda p: read_cloud(p("cloud.tiff")).points,
    "decode_cloud": lambda p: decode_cloud(Path(p("cloud.tiff")).read_bytes(), p("cloud.tiff")).points,
    "decode_eyecandies": refuse_depth,
    "describe_other": lambda p: describe_other(p("scores.csv")),
    "read_batch": lambda p: read_batch(p("set")),
    "list_categories": lambda p: list_categories(p("set"), "folder"),
    "read_mask": lambda p: read_mask(p("photo.png")),
    "measure_size": lambda p: measure_size(p("photo.png")),
    "read_image": lambda p: read_image(p("photo.png")),
    "read_code": lambda p: read_code(p("photo.png")),
    "read_pixel_header": lambda p: read_pixel_header(p("photo.png")),
    "read_scores": lambda p: read_scores(p("scores.csv")),
    "read_map": lambda p: read_map(p("embeddings.npy")),
    "read_plane": lambda p: read_plane(p("embeddings.npy"), ""),
    "find_samples": lambda p: find_samples(p("scores.csv"), ["b"], ["a", "b"], "run 1"),
    "import_scores": import_some,
    "rescore_table": lambda p: rescore_table(read_scores(p("scores.csv")), np.eye(2, dtype="f4"), (1,), p("new.csv")),
    "embeddings_from_file": lambda p: embeddings_from_file(read_scores(p("scores.csv")), p("embeddings.npy")),
    "evaluate": measure,
    "to_csv": lambda p: to_csv(measure(p), p("table.csv")),
    "to_json": lambda p: to_json(measure(p), p("table.json")),
    "to_xlsx": lambda p: to_xlsx(measure(p), p("table.xlsx")),
    "to_latex": lambda p: to_latex(measure(p), p("table.tex")),
    "write_csv": lambda p: write_csv(p("some.csv"), ["a"], [[1]]),
    "write_photo": grab,
    "write_manifest": lambda p: write_manifest(p("set"), 1, []),
    "room_below": lambda p: room_below(p("set")),
    "write_report": write_a_report,
    "write_exports": export_scores,
    "write_table": lambda p: write_table([], p("samples.csv"), ["path"]),
    "load_backbone": lambda p: load_backbone(INFO.name, weights=p("dino.pth")).weights_sha256,
    "load_point_feature": refuse_points,
    "keep_log": lambda p: [keep_log(p("workspace")), end_log()],
    "replacing": lambda p: write_through(replacing, p("replaced.txt")),
    "load_settings": lambda p: load_settings(file=p("settings.toml")),
    "make_recipe": lambda p: make_recipe("lid", SMALL, "fast", p("set")),
    "read_recipe": lambda p: read_recipe(p("settings-recipe.toml")),
    "pack_roi": lambda p: pack_roi(p("roi.json")),
    "keep_roi": keep_a_roi,
    "read_roi": lambda p: read_roi(p("roi.json")).size,
    "read_drawing": lambda p: read_drawing(p("roi.json")),
    "read_matrix": lambda p: read_matrix(p("embeddings.npy"), 2),
    "write_file": lambda p: write_through(write_file, p("written.txt")),
    "back_up": bring_back,
    "copy_database": bring_back,
    "files_beside": lambda p: files_beside(p("backup.db")),
    "folder_of": lambda p: folder_of(p("away")),
    "has_files_of_another": lambda p: has_files_of_another(p("away"), "inspector.db"),
    "is_address": lambda p: is_address(p("away")),
    "name_location": lambda p: name_location(p("away")),
    "require_folder": lambda p: require_folder(p("away"), "copy it"),
    "tidy_location": lambda p: tidy_location(p("away")),
    "restore": bring_back,
    "salvage": lambda p: salvage(make_run(p)[0].folder, p("salvaged" + type(p("a")).__name__)),
    "run_checks": lambda p: next(run_checks(p("workspace"))),
    "write_bundle": lambda p: write_bundle(p("none"), [], p("bundle.zip")),
    "export_chain": lambda p: export_chain([ENTRY], p("chain.jsonl")),
    "read_chain": lambda p: [export_chain([ENTRY], p("chain.jsonl")), read_chain(p("chain.jsonl"))],
    "read_edited_text": lambda p: read_edited_text(p("settings.toml")),
    "require_regular": lambda p: require_regular(p("photo.png")),
    "file_sha256": lambda p: file_sha256(p("photo.png")),
    "read_weight_file": lambda p: read_weight_file(p("dino.pth")).path,
    "fetch_from_hub": fetch,
    "import_weights": lambda p: import_weights(p("dino.pth"), PROOF, folder=p("weights")).source_sha256,
    "verify_weights": lambda p: verify_weights(PROOF, folder=p("weights")),
    "load_weights": lambda p: load_weights(INFO, p("dino.pth"))[1],
    "read_weights": lambda p: read_weights(p("dino.pth"), None)[1],
    "weights_path": lambda p: kept.weights_path(INFO, p("weights")),
    "record_path": lambda p: kept.record_path(INFO, p("weights")),
    "are_here": lambda p: kept.are_here(INFO, p("weights")),
    "read_record": lambda p: kept.read_record(p(f"weights/{INFO.name}.json")),
    "list_imported": lambda p: kept.list_imported(p("weights")),
    "is_torchscript": lambda p: is_torchscript(p("archive.pt")),
    "read_torchscript": lambda p: list(read_torchscript(p("archive.pt"))),
    "sync_folder": lambda p: sync_folder(p("set")),
    "read_stamp": lambda p: found_files.read_stamp(p("photo.png")),
    "list_stamps": lambda p: arrivals.list_stamps(p("set")),
    "find_kind": lambda p: arrivals.find_kind(p("photo.png")),
    "list_given": lambda p: [arrival.name for arrival in list_given(p("set"), None, make_run(p)[0]).arrivals],
    "make_arrival": lambda p: make_arrival("a", p("set"), p("set")).to_sample(),
    "watch": watch_a_folder,
    "fetch_files": lambda p: sorted(fetch_files(f"file://{p('set')}", p("fetched")).files),
}


def list_takers() -> dict[str, str]:
    """Names of the public functions that take a path, with the annotation of it."""
    takers = {}
    for file in ROOMS.rglob("*.py"):
        name = file.relative_to(ROOMS).as_posix()
        if name.startswith(INNER) and name not in DOORS:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                for argument in (*node.args.args, *node.args.kwonlyargs):
                    kind = ast.unparse(argument.annotation) if argument.annotation else ""
                    if "Path" in kind.split(" | "):
                        takers[f"{node.name}({argument.arg})"] = kind
    return takers


def test_every_public_function_that_takes_a_path_takes_text() -> None:
    takers = list_takers()
    assert {name: kind for name, kind in takers.items() if not kind.startswith("str | Path")} == {}
    assert {name.partition("(")[0] for name in takers} == set(CALLS)


@pytest.mark.filterwarnings("ignore:.torch.jit:FutureWarning")
@pytest.mark.parametrize("name", CALLS)
def test_text_gives_what_a_path_gives(home: Path, name: str) -> None:
    if name in ("verify_weights", "read_record"):
        import_weights(home / "dino.pth", PROOF, folder=home / "weights")

    of_text, of_path = (CALLS[name](given) for given in (lambda n: str(home / n), lambda n: home / n))

    assert np.array_equal(of_text, of_path) if isinstance(of_path, np.ndarray) else of_text == of_path


def test_objects_made_with_text_hold_paths(home: Path) -> None:
    sample = Sample("a", str(home / "photo.png"), cloud=str(home / "cloud.tiff"), mask=str(home / "photo.png"))

    assert sample == Sample("a", home / "photo.png", home / "cloud.tiff", home / "photo.png")
    assert Sample("a", home / "photo.png").mask is None
    assert Batch(str(home), (sample,)) == Batch(home, (sample,))
    assert TokenCache(str(home), side=1).folder == TokenCache(home, side=1).folder
    assert Artefacts(str(home)).run_folder(1) == Artefacts(home).run_folder(1)
    with Workspace(str(home / "other")) as store:
        assert store.folder == home / "other"
    assert Database(str(home / "other")).folder == home / "other"
