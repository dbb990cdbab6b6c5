"""Pictures as files and as arrays, and the white frame around what they show."""

import contextlib
import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import putchunk
from tqdm import tqdm
from zlib_ng import zlib_ng

from genre.errors import InputError

PNG = b"\x89PNG\r\n\x1a\n"
PNG_COLOURS = {3: 2, 4: 6}  # channels: what the format calls RGB and RGBA
COLOURS = {"grey": ("L", 1), "rgb": ("RGB", 3), "rgba": ("RGBA", 4)}  # Pillow's mode, channels
WHITE = 255


class Box(NamedTuple):
    """The content of a picture: rows top to bottom, columns left to right, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """The box as an index into a picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def load(path: Path) -> np.ndarray:
    """Load a picture as RGB, or as RGBA where it has an alpha channel.

    Raises
    ------
    InputError
        If the file is not a whole picture.
    """
    with _opened(path) as image:
        mode = "RGBA" if image.mode == "RGBA" or "transparency" in image.info else "RGB"
        return np.array(image.convert(mode))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path) as image:
            yield image
    # A broken PNG is a SyntaxError to Pillow.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"{path}: not a whole picture ({error}): replace it") from error


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


def content_box(picture: np.ndarray) -> Box:
    """Find what lies inside a white frame.

    Parameters
    ----------
    picture : np.ndarray [shape=(height, width, channels), dtype=uint8]
        RGB or RGBA.

    Returns
    -------
    Box
        The smallest box around all that is not white; the whole picture where it has no frame.
    """
    colours = picture[..., :3]
    rows = np.flatnonzero(colours.min(axis=(1, 2)) != WHITE)
    columns = np.flatnonzero(colours.min(axis=0).min(axis=-1) != WHITE)
    if not len(rows):
        return Box(0, picture.shape[0], 0, picture.shape[1])
    return Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def has_frame(picture: np.ndarray) -> bool:
    """Tell whether a picture has white on all four sides of its content."""
    box = content_box(picture)
    height, width = picture.shape[:2]
    return box.top > 0 and box.left > 0 and box.bottom < height and box.right < width


def crop(picture: np.ndarray) -> np.ndarray:
    """Cut the frame off."""
    return picture[content_box(picture).slices]


def scaled(path: Path, *, size: tuple[int, int], colour: str) -> np.ndarray:
    """Load a picture in the size and colour mode that a model takes.

    Parameters
    ----------
    path : Path
        A picture.
    size : (int, int)
        Height and width in px.
    colour : {"grey", "rgb", "rgba"}
        Colour mode.

    Returns
    -------
    np.ndarray [shape=(height, width, channels), dtype=uint8]
        The picture, averaged where it is made smaller.
    """
    with _opened(path) as image:
        image = image.convert("RGBA" if colour == "rgba" else "RGB").convert(COLOURS[colour][0])
        if image.size != size[::-1]:
            image = image.resize(size[::-1], Image.Resampling.BILINEAR)
        picture = np.asarray(image)
    return picture.reshape(*size, -1)


def stack(paths: list[Path], target: Path, *, size: tuple[int, int], colour: str) -> np.ndarray:
    """Load pictures into one array on disk, so that memory does not grow with their number.

    Parameters
    ----------
    paths : list of Path
        The pictures.
    target : Path
        The npy file that holds the array.
    size, colour
        As for `scaled`.

    Returns
    -------
    np.memmap [shape=(n, height, width, channels), dtype=uint8]
        The pictures in order.
    """
    shape = (len(paths), *size, COLOURS[colour][1])
    array = np.lib.format.open_memmap(target, mode="w+", dtype=np.uint8, shape=shape)
    for index, path in enumerate(tqdm(paths, desc="loading pictures", disable=None)):
        array[index] = scaled(path, size=size, colour=colour)
    return array
