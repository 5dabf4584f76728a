"""Makes the two sample batches. Same seed, same bytes (with the same library versions).

python samples/make_samples.py [--out DIR] [--seed S] [--only 2d|3d]
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import washer_parts
from washer_defects import DEFECTS

HERE = Path(__file__).resolve().parent
SEED = 2024
GOOD_WASHERS, BAD_WASHERS = 14, 2


def main() -> None:
    """Parse the command line, write the batches asked for, print where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder that receives washers/ and housings/")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", choices=("2d", "3d"))
    arguments = parser.parse_args()
    if arguments.only != "3d":
        for number, (kind, name) in enumerate(washer_list()):
            write_washer(arguments.out / "washers", kind, name, seed=[arguments.seed, 2, number])
        print(arguments.out / "washers")


def washer_list() -> Iterator[tuple[str, str]]:
    """(kind, file stem) of every washer, good ones first."""
    for number in range(GOOD_WASHERS):
        yield "good", f"{number:03d}"
    for kind in DEFECTS:
        for number in range(BAD_WASHERS):
            yield kind, f"{number:03d}"


def draw_washer(kind: str, seed: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Photo (HEIGHT, WIDTH, 3) uint8 RGB and mask (HEIGHT, WIDTH) uint8, 0 or 255.

    The defect has its own generator: a washer with and one without it are the same outside the mask.
    """
    rng = np.random.default_rng(seed)
    washer = washer_parts.good_washer(rng)
    mask = np.zeros(washer_parts.SHAPE, bool)
    if kind != "good":
        washer, mask = DEFECTS[kind](washer, np.random.default_rng([*seed, 1]))
    size = (washer_parts.WIDTH, washer_parts.HEIGHT)
    small = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return washer_parts.render(washer, rng), np.where(small >= 0.5, 255, 0).astype(np.uint8)


def write_washer(root: Path, kind: str, name: str, *, seed: list[int]) -> None:
    """Write test/<kind>/<name>.jpg and, for a defect, ground_truth/<kind>/<name>_mask.png."""
    photo, mask = draw_washer(kind, seed)
    write(root / "test" / kind / f"{name}.jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 94])
    if kind != "good":
        write(root / "ground_truth" / kind / f"{name}_mask.png", mask, [])


def write(path: Path, image: np.ndarray, options: list[int]) -> None:
    """Encode `image` (BGR or grey) by the ending of `path`; OpenCV cannot write to every path itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, image, options)[1].tobytes())


if __name__ == "__main__":
    main()
