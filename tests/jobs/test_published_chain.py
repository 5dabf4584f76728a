"""From files to maps as the methods were published: resized as their programs do it, then step by step, literally."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from inspector.data.layouts import read_batch
from inspector.data.photos import fit_photo
from inspector.features.backbones import load_backbone
from inspector.geometry.frame import Frame
from inspector.geometry.grid import stretch_map
from inspector.jobs.scan import scan
from inspector.presets import PRESETS, load_settings
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from inspector.weights.catalogue import CATALOGUE
from tests.clouds import SIZE, make_parts, photo
from tests.features import literal as features
from tests.features import small_vits as vits
from tests.scoring import literal as scoring

FILTERS = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}
"""Pillow's, which are antialiased: what torchvision's Resize does to Pillow's images."""

DEGREES = (1, 3, 5)


@pytest.fixture
def paths(folder: Path) -> list[Path]:
    """Photos of fine stripes, larger than the network's input, so that the filters differ; one has a dark spot."""
    folder.mkdir()
    noise = np.random.default_rng(3)
    rows, cols = np.mgrid[:120, :150]
    made = []
    for index in range(5):
        pixels = 128 + 60 * np.sin(rows / 2.3 + cols / 3.1)[..., None] + noise.normal(0, 30, (120, 150, 3))
        if index == 2:
            pixels[50:74, 60:90] = 20
        made.append(folder / f"part_{index}.png")
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(made[-1])
    return made


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, dict[str, Any]]:
    """Settings for small transformers with made-up weights, by their names."""
    made = {"tiny-clip": vits.openai_weights(), "tiny-dino": vits.dino_weights()}
    made["tiny-dinov2"] = vits.dino_weights(vits.TINY_DINOV2)
    for name, tensors in made.items():
        monkeypatch.setitem(CATALOGUE, name, vits.TINY[name])
        torch.save(tensors, tmp_path / f"{name}.pth")
    return {name: {"backbone": name, "weights": tmp_path / f"{name}.pth"} for name in made}


def published_tokens(name: str, paths: list[Path], resize: str) -> list[Tensor]:
    """From files to tokens (N, rows, cols, C) of each layer, float64."""
    info = vits.TINY[name]
    size = (info.image_size, info.image_size)
    resized = [np.asarray(Image.open(path).convert("RGB").resize(size, FILTERS[resize])) for path in paths]
    images = torch.from_numpy(np.stack(resized)).permute(0, 3, 1, 2) / 255
    if info.family == "clip":
        return vits.clip_reference(info, vits.openai_weights(), images, info.layers, quick_gelu=False)[0]
    return vits.dino_reference(info, vits.dino_weights(info), images, info.layers)[0]


def published_maps(layers: list[Tensor], size: int, *, aggregation: str = "lnamd") -> NDArray[np.float32]:
    """From tokens to maps (N, size, size)."""
    if aggregation == "snamd":
        sets = [features.snamd_grid(tokens.float(), DEGREES) for tokens in layers]
    else:
        sets = [features.lnamd(tokens.float(), degree) for tokens in layers for degree in DEGREES]
    scores = torch.stack([scoring.mutual_scores(found) for found in sets]).mean(dim=0)
    return scoring.grid_maps(scores, layers[0].shape[1:3], (size, size), "corners").numpy()


def scanned_maps(folder: Path, settings: ScanSettings, store: Workspace, size: int) -> NDArray[np.float32]:
    batch = read_batch(folder)
    run_id = scan(batch, settings, store)
    kept = [store.artefacts.load_map(run_id, position) for position in range(len(batch.samples))]
    return np.stack([stretch_map(stored, (size, size), "corners") for stored in kept])


@pytest.mark.parametrize(
    ("name", "values", "resize"),
    [
        ("tiny-clip", {}, "bicubic"),
        ("tiny-dino", {}, "bilinear"),
        ("tiny-dinov2", {}, "bilinear"),
        ("tiny-clip", {"resize": "bilinear"}, "bilinear"),
        ("tiny-dino", {"resize": "bicubic"}, "bicubic"),
    ],
)
def test_maps_of_files_are_those_of_musc(name, values, resize, folder, paths, tiny, store):
    settings = load_settings("published", values={**tiny[name], **values})
    size = vits.TINY[name].image_size

    maps = scanned_maps(folder, settings, store, size)

    layers = published_tokens(name, paths, resize)
    kept = [tokens.half() for tokens in layers]  # as the cache keeps them
    np.testing.assert_allclose(maps, published_maps(kept, size), atol=1e-5)
    np.testing.assert_allclose(maps, published_maps(layers, size), atol=1e-4)
    (other,) = FILTERS.keys() - {resize}
    assert np.abs(maps - published_maps(published_tokens(name, paths, other), size)).max() > 0.01


def test_maps_of_files_are_those_of_musc_v2(folder, paths, tiny, store):
    changed = {**tiny["tiny-dino"], "image_size": 48, "layers": (0, 1, 3)}

    maps = scanned_maps(folder, PRESETS["musc-v2"].changed(**changed), store, 48)

    kept = [tokens.half() for tokens in published_tokens("tiny-dino", paths, "bicubic")]
    np.testing.assert_allclose(maps, published_maps(kept, 48, aggregation="snamd"), atol=1e-5)


@pytest.mark.parametrize("tiles", [1, 2])
def test_filters_do_not_share_tokens(folder, paths, tiny, store, tmp_path, tiles):
    settings = load_settings("published", values={**tiny["tiny-dino"], "tiles": tiles})
    both = [scanned_maps(folder, settings.changed(resize=resize), store, 48) for resize in FILTERS]

    with Workspace(tmp_path / "other") as other:
        alone = scanned_maps(folder, settings.changed(resize="bilinear"), other, 48)

    caches = [{file.name: load_file(file) for file in cache.iterdir()} for cache in (store.folder / "cache").iterdir()]
    assert len(caches) == 2
    assert caches[0].keys() == caches[1].keys()
    for name, tensors in caches[0].items():
        assert all((tensors[key] != caches[1][name][key]).any() for key in tensors)
    np.testing.assert_array_equal(both[1], alone)
    assert np.abs(both[0] - both[1]).max() > 0.01


def test_whole_photos_of_parts_with_clouds_are_resized_alike(folder, store):
    """Those that a part without cloud is judged by: they are read once more, and kept as framed."""
    make_parts(folder, 4)
    (folder / "test/good/xyz/003.tiff").unlink()
    small = {"image_size": 96, "groups": 32, "group_size": 16, "group_step": 10}

    scan(read_batch(folder), ScanSettings(resize="bilinear", **small), store)

    name = hashlib.sha256((folder / "test/good/rgb/000.png").read_bytes()).hexdigest()
    (file,) = (store.folder / "cache").rglob(f"{name}-framed.safetensors")
    backbone = load_backbone("efficientnet-lite0", image_size=96)
    errors = {}
    for resize in FILTERS:
        square = fit_photo(Frame.around(SIZE).pad(photo(0)), 96, resize)
        (tokens,), _ = backbone.tokens(torch.from_numpy(square).permute(2, 0, 1)[None] / 255)
        errors[resize] = float((load_file(file)["layer_0"] - tokens[0]).abs().max())
    assert errors["bilinear"] < 0.01 < errors["bicubic"]
