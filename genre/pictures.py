"""What is done to pictures: finding the frame, cropping, masks, time reversal, noise.

Every function takes and gives arrays of shape (height, width, channels), dtype uint8. Only what
lies inside the frame is changed, and never the alpha channel.
"""

import contextlib
import functools
import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.special
from PIL import Image
from PIL.PngImagePlugin import putchunk
from tqdm import tqdm
from zlib_ng import zlib_ng

from genre.errors import InputError

PNG = b"\x89PNG\r\n\x1a\n"
PNG_COLOURS = {3: 2, 4: 6}  # channels: what the format calls RGB and RGBA
COLOURS = {"grey": ("L", 1), "rgb": ("RGB", 3), "rgba": ("RGBA", 4)}  # Pillow's mode, channels
WHITE = 255
QUANTILES = 2**16  # what noise is drawn from: two random bytes choose one


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


def save(picture: np.ndarray, path: Path) -> None:
    """Save a picture as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(picture))


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


def mask(picture: np.ndarray, *, axis: int, longest: int, rng: np.random.Generator) -> np.ndarray:
    """Black out a band of frequencies (axis 0) or a stretch of time (axis 1).

    SpecAugment (Park et al., Interspeech 2019), on a picture.

    Parameters
    ----------
    picture : np.ndarray [shape=(height, width, channels), dtype=uint8]
        RGB or RGBA.
    axis : 0 or 1
        Rows or columns.
    longest : int >= 0
        The longest mask in px; the length is drawn evenly from 0 to it.
    rng : numpy.random.Generator
        Where length and place come from.

    Returns
    -------
    np.ndarray
        A copy with the mask.
    """
    masked = picture.copy()
    content = masked[content_box(picture).slices]
    length = int(rng.integers(0, min(longest, content.shape[axis]) + 1))
    start = int(rng.integers(0, content.shape[axis] - length + 1))
    where = [slice(None), slice(None), slice(3)]
    where[axis] = slice(start, start + length)
    content[tuple(where)] = 0
    return masked


def reverse(picture: np.ndarray) -> np.ndarray:
    """Play the picture backwards: mirror its content in time."""
    mirrored = picture.copy()
    box = content_box(picture).slices
    mirrored[box][..., :3] = picture[box][:, ::-1, :3]
    return mirrored


def augment(
    picture: np.ndarray,
    rng: np.random.Generator,
    *,
    frequency_mask: int,
    time_mask: int,
    mask_probability: float,
    reverse_probability: float,
) -> np.ndarray:
    """Alter a picture as the study did: a frequency mask, a time mask, time reversal.

    Parameters
    ----------
    picture : np.ndarray [shape=(height, width, channels), dtype=uint8]
        RGB or RGBA.
    rng : numpy.random.Generator
        Where chance comes from.
    frequency_mask, time_mask : int >= 0
        Longest masks in px.
    mask_probability : float in [0, 1]
        Probability of each mask.
    reverse_probability : float in [0, 1]
        Probability of time reversal.

    Returns
    -------
    np.ndarray
        The altered copy.
    """
    for axis, longest in ((0, frequency_mask), (1, time_mask)):
        if rng.random() < mask_probability:
            picture = mask(picture, axis=axis, longest=longest, rng=rng)
    if rng.random() < reverse_probability:
        picture = reverse(picture)
    return picture


def add_noise(
    picture: np.ndarray,
    rng: np.random.Generator,
    *,
    salt_pepper: float,
    gaussian: float,
    poisson: float,
) -> np.ndarray:
    """Add one kind of noise, drawn evenly: salt and pepper, Gaussian, or Poisson.

    Gaussian and Poisson noise are drawn by inversion (Devroye, "Non-Uniform Random Variate
    Generation", 1986, chapter II.2): a random number picks a quantile.

    Parameters
    ----------
    picture : np.ndarray [shape=(height, width, channels), dtype=uint8]
        RGB or RGBA.
    rng : numpy.random.Generator
        Where the noise comes from.
    salt_pepper : float in [0, 1]
        Share of pixels that turn black or white.
    gaussian : float >= 0
        Standard deviation, of full scale.
    poisson : float > 0
        Counts at full scale.

    Returns
    -------
    np.ndarray
        The noisy copy.
    """
    noisy = picture.copy()
    content = noisy[content_box(picture).slices][..., :3]
    kind = rng.integers(3)
    if kind == 0:
        struck = rng.random(content.shape[:2], dtype=np.float32) < salt_pepper
        content[struck] = 255 * rng.integers(0, 2, size=(int(struck.sum()), 1))
        return noisy
    chosen = rng.integers(QUANTILES, size=content.shape, dtype=np.uint16)
    if kind == 1:
        values = content + _gaussian_quantiles(255.0 * gaussian)[chosen]
        content[:] = np.clip(values, 0, 255, out=values)
    else:
        content[:] = _poisson_quantiles(poisson)[content, chosen]
    return noisy


@functools.cache
def _gaussian_quantiles(deviation: float) -> np.ndarray:
    """Quantiles of Gaussian noise, rounded [shape=(QUANTILES,), dtype=int16]."""
    probabilities = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return np.rint(deviation * scipy.special.ndtri(probabilities)).astype(np.int16)


@functools.cache
def _poisson_quantiles(counts: float) -> np.ndarray:
    """Quantiles of Poisson noise for each value [shape=(256, QUANTILES), dtype=uint8]."""
    means = np.arange(256)[:, np.newaxis] * counts / 255.0
    outcomes = np.arange(int(counts + 6 * counts**0.5) + 12)  # the last stands for all above it
    ends = np.rint(QUANTILES * scipy.special.pdtr(outcomes, means)).astype(int)
    ends[:, -1] = QUANTILES
    shown = np.rint(np.minimum(outcomes * 255.0 / counts, 255.0)).astype(np.uint8)
    return np.array([np.repeat(shown, np.diff(row, prepend=0)) for row in ends])


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
