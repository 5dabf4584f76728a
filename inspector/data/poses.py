"""Parts that lie at any angle, turned alike without labels: pictures around their middles, in polar form."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.data.part_finder import DetectedPart

ANGLES, RADII = 180, 32
"""Of the polar pictures: two degrees a row, and so many steps from the middle to the rim."""

CANDIDATES = 12
"""Parts, spread over the batch, of which the one most like the others is what all are turned to first."""

ROUNDS = 3
"""Times that parts are turned to the mean of all as they were turned the time before."""

Spectrum = NDArray[np.complexfloating]
"""Of a polar picture along its angles: (ANGLES / 2 + 1, RADII, 2)."""


class Turns(NamedTuple):
    """How parts lie against their mean.

    Attributes:
        mean: spectrum of the mean of all, turned alike.
        likeness: (N,) float64, correlation of each with the mean once all are turned, -1 to 1.
        before: (N,) float64, correlation of each with the mean of all as they lie.
    """

    mean: Spectrum
    likeness: NDArray[np.float64]
    before: NDArray[np.float64]


def turn_alike(parts: Sequence[DetectedPart], radius: float) -> Turns:
    """Turn parts of one kind to lie alike, and take their mean.

    A turn about the middle is a shift along the angles of a polar picture, so that the likeness at all angles is one
    circular correlation. Lightness and outline count alike. Parts are never mirrored: one that lies on its other side
    is another thing.

    Args:
        parts: N >= 1 of one kind.
        radius: from the middle to the rim of what is looked at, in pixels of the parts' copies.
    """
    spectra = np.stack([find_spectrum(part, radius) for part in parts])
    first = np.linspace(0, len(parts) - 1, min(CANDIDATES, len(parts))).round().astype(int)
    alike = [_correlate(spectra[candidate], spectra).max(axis=1).mean() for candidate in first]
    mean = spectra[first[int(np.argmax(alike))]]
    likeness = np.empty(len(parts))
    for _ in range(ROUNDS):
        found = _correlate(mean, spectra)
        likeness = found.max(axis=1)
        mean = _normalise(_turn_back(spectra, found.argmax(axis=1)).mean(axis=0))
    before = _correlate(_normalise(spectra.mean(axis=0)), spectra)[:, 0]
    return Turns(mean, likeness, before)


def find_angle(part: DetectedPart, radius: float, mean: Spectrum) -> float:
    """Return the degrees by which a part is turned against a mean, clockwise as one sees it, 0 to 360."""
    found = _correlate(mean, find_spectrum(part, radius)[None])[0]
    peak = int(found.argmax())
    left, middle, right = found[peak - 1], found[peak], found[(peak + 1) % ANGLES]
    bend = left - 2 * middle + right
    between = 0.5 * (left - right) / bend if bend < 0 else 0.0  # top of the parabola through the three
    return float((peak + between) * 360.0 / ANGLES % 360.0)


def turn_spectrum(mean: Spectrum, steps: int) -> Spectrum:
    """Turn a mean so that parts are found to lie `steps` x 360 / `ANGLES` degrees further."""
    return np.asarray(_turn_back(mean[None], np.array([steps]))[0])


def find_spectrum(part: DetectedPart, radius: float) -> Spectrum:
    """Make the polar picture of a part and transform it along its angles.

    Lightness and outline each have mean 0 and together norm 1; rings count by their length.
    """
    x, y = (part.middle - 0.5).tolist()
    planes = np.dstack([part.lightness, part.mask.astype(np.float32)])
    flags = cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
    unrolled = cv2.warpPolar(planes, (RADII, ANGLES), (x, y), radius, flags)
    rings = ((np.arange(RADII, dtype=np.float32) + 0.5) / RADII)[None, :, None]
    level = (unrolled * rings).sum(axis=(0, 1)) / (rings.sum() * ANGLES)
    return _normalise(np.fft.rfft((unrolled - level) * np.sqrt(rings), axis=0))


def _normalise(spectrum: Spectrum) -> Spectrum:
    """Bring both planes of a polar picture to norm 1/2^0.5."""
    picture = np.fft.irfft(spectrum, n=ANGLES, axis=0)
    length = np.sqrt((picture**2).sum(axis=(0, 1)))
    return np.asarray(spectrum / np.maximum(length, 1e-9) / np.sqrt(2))


def _correlate(mean: Spectrum, spectra: Spectrum) -> NDArray[np.float64]:
    """Correlation of each part with the mean at every angle, (N, ANGLES)."""
    products = np.einsum("frc,nfrc->nf", mean.conj(), spectra, optimize=True)
    return np.asarray(np.fft.irfft(products, n=ANGLES, axis=1), np.float64)


def _turn_back(spectra: Spectrum, shifts: NDArray[np.intp]) -> Spectrum:
    frequencies = np.arange(spectra.shape[1])
    turns = np.exp(2j * np.pi * frequencies * shifts[:, None] / ANGLES)
    return np.asarray(spectra * turns[:, :, None, None])
