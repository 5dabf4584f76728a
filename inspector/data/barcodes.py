"""The code on a part: barcodes, QR and DataMatrix codes in its photo, read by zxing-cpp."""

from pathlib import Path

from inspector.data.photos import read_image
from inspector.data.pixels.value_range import FULL, Ranges
from inspector.errors import InputError, SettingsError


def require_reader() -> None:
    """Make sure that codes can be read.

    Raises:
        SettingsError: zxing-cpp is not installed.
    """
    try:
        import zxingcpp  # noqa: F401 - an optional extra
    except ImportError as error:
        told = "setting `barcode`: zxing-cpp is not installed; pip install 'mutual-inspector[barcode]'"
        raise SettingsError(told) from error


def read_code(photo: str | Path, ranges: Ranges = FULL) -> str:
    """Return the text of the code in a photo, without blanks around it; "" where there is none that can be read.

    Of several codes the one highest up counts, and of those at one height the leftmost.

    Args:
        photo: the file.
        ranges: which of its values are black and white.

    Raises:
        ModuleNotFoundError: see `require_reader`.
    """
    import zxingcpp

    try:
        pixels = read_image(photo, ranges)
    except InputError:
        return ""  # the photo itself is told elsewhere
    texts = [
        (code.position.top_left.y, code.position.top_left.x, text)
        for code in zxingcpp.read_barcodes(pixels)
        if code.valid and (text := "".join(filter(str.isprintable, code.text)).strip())
    ]
    return min(texts)[2] if texts else ""
