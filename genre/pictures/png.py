"""Pictures as PNG files: read as arrays, and written the same for the same pixels."""

import contextlib
import io
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import putchunk
from zlib_ng import zlib_ng

from genre.errors import InputError

PNG = b"\x89PNG\r\n\x1a\n"
PNG_COLOURS = {3: 2, 4: 6}  # channels: what the format calls RGB and RGBA


def load(path: Path) -> np.ndarray:
    """Load a picture as RGB, or as RGBA where it has an alpha channel.

    Raises
    ------
    InputError
        If the file is not a whole picture.
    """
    with opened(path) as image:
        mode = "RGBA" if image.mode == "RGBA" or "transparency" in image.info else "RGB"
        return np.array(image.convert(mode))


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture with Pillow.

    Raises
    ------
    InputError
        If the file is not a whole PNG picture, also where that shows only as it is read.
    """
    try:
        with Image.open(path, formats=["PNG"]) as image:
            yield image
    # A broken PNG is a SyntaxError to Pillow.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = getattr(error, "strerror", None) or error  # which name the file no second time
        if isinstance(error, UnidentifiedImageError):
            reason = "it does not begin as one"
        raise InputError(f"{path}: not a whole PNG picture ({reason}): replace it") from error


def encode(picture: np.ndarray) -> bytes:
    """Make a PNG file of a picture, the same bytes for the same pixels.

    Rows are not filtered: the repeated pixels of a spectrogram compress better as they are, and
    in a third of the time that Pillow takes.
    """
    height, width, channels = picture.shape
    rows = np.zeros((height, 1 + width * channels), dtype=np.uint8)  # 0, no filter, then pixels
    rows[:, 1:] = picture.reshape(height, -1)
    png = io.BytesIO()
    png.write(PNG)
    putchunk(png, b"IHDR", struct.pack(">2I5B", width, height, 8, PNG_COLOURS[channels], 0, 0, 0))
    putchunk(png, b"IDAT", zlib_ng.compress(rows.tobytes(), 2))
    putchunk(png, b"IEND", b"")
    return png.getvalue()
