"""Makes the two sample batches. Same seed, same bytes (with the same library versions).

python samples/make_samples.py [--out DIR] [--seed S] [--only 2d|3d]
"""

import argparse
from pathlib import Path

import cv2
import housing_defects
import housing_parts
import housing_station
import numpy as np
import tifffile
import washer_defects
import washer_parts

HERE = Path(__file__).resolve().parent
SEED = 2024
WASHERS = {"good": 14, "chip": 2, "contamination": 2, "dent": 2, "scratch": 2, "stain": 2}
HOUSINGS = {"good": 8, "crack": 2, "dent": 3, "stain": 3}


def main() -> None:
    """Parse the command line, write the batches asked for, print where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder that receives washers/ and housings/")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", choices=("2d", "3d"))
    arguments = parser.parse_args()
    if arguments.only != "3d":
        for number, (kind, name) in enumerate(part_list(WASHERS)):
            write_washer(arguments.out / "washers", kind, name, seed=[arguments.seed, 2, number])
        print(arguments.out / "washers")
    if arguments.only != "2d":
        for number, (kind, name) in enumerate(part_list(HOUSINGS)):
            write_housing(arguments.out / "housings", kind, name, seed=[arguments.seed, 3, number])
        print(arguments.out / "housings")


def part_list(counts: dict[str, int]) -> list[tuple[str, str]]:
    """(kind, file stem) of every part of a batch; its place in the list is part of its seed."""
    return [(kind, f"{number:03d}") for kind, count in counts.items() for number in range(count)]


def draw_washer(kind: str, seed: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Photo (HEIGHT, WIDTH, 3) uint8 RGB and mask (HEIGHT, WIDTH) uint8, 0 or 255.

    The defect has its own generator: a washer with and one without it are the same outside the mask.
    """
    rng = np.random.default_rng(seed)
    washer = washer_parts.good_washer(rng)
    mask = np.zeros(washer_parts.SHAPE, bool)
    if kind != "good":
        washer, mask = washer_defects.DEFECTS[kind](washer, np.random.default_rng([*seed, 1]))
    size = (washer_parts.WIDTH, washer_parts.HEIGHT)
    small = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return washer_parts.render(washer, rng), np.where(small >= 0.5, 255, 0).astype(np.uint8)


def write_washer(root: Path, kind: str, name: str, *, seed: list[int]) -> None:
    """Write test/<kind>/<name>.jpg and, for a defect, ground_truth/<kind>/<name>_mask.png."""
    photo, mask = draw_washer(kind, seed)
    write(root / "test" / kind / f"{name}.jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 94])
    if kind != "good":
        write(root / "ground_truth" / kind / f"{name}_mask.png", mask, [])


def draw_housing(kind: str, seed: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Photo (ROWS, COLS, 3) uint8 RGB, cloud (ROWS, COLS, 3) float32 metres, mask (ROWS, COLS) uint8 0/255.

    Part, defect, camera and scanner have a generator each: what a defect leaves alone is the same to the bit.
    """
    part_rng, defect_rng, camera_rng, scanner_rng = (np.random.default_rng([*seed, n]) for n in range(4))
    housing = housing_parts.good_housing(part_rng)
    mask = np.zeros(housing_parts.MAP, bool)
    if kind != "good":
        housing, mask = housing_defects.DEFECTS[kind](housing, defect_rng)
    seen = housing_station.trace(housing.scanned, fineness=1).sample(mask.astype(np.float32))
    photo = housing_station.photo_of(housing, camera_rng)
    cloud = housing_station.cloud_of(housing, scanner_rng)
    return photo, cloud, np.where(seen >= 0.5, 255, 0).astype(np.uint8)


def write_housing(root: Path, kind: str, name: str, *, seed: list[int]) -> None:
    """Write test/<kind>/{rgb/<name>.png, xyz/<name>.tiff, gt/<name>.png}; the gt of a good part is all 0."""
    photo, cloud, mask = draw_housing(kind, seed)
    folder = root / "test" / kind
    write(folder / "rgb" / f"{name}.png", photo[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    write(folder / "gt" / f"{name}.png", mask, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    (folder / "xyz").mkdir(parents=True, exist_ok=True)
    path = folder / "xyz" / f"{name}.tiff"
    tifffile.imwrite(path, cloud, photometric="rgb", compression="zlib", metadata=None)


def write(path: Path, image: np.ndarray, options: list[int]) -> None:
    """Encode `image` (BGR or grey) by the ending of `path`; OpenCV cannot write to every path itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, image, options)[1].tobytes())


if __name__ == "__main__":
    main()
