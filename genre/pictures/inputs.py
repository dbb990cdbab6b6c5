"""Pictures as the CNNs take them: of one size and colour mode, in one array."""

from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from genre.pictures.png import opened

COLOURS = {"grey": ("L", 1), "rgb": ("RGB", 3), "rgba": ("RGBA", 4)}  # Pillow's mode, channels


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
    with opened(path) as image:
        return scaled_image(image, size=size, colour=colour)


def scaled_image(image: Image.Image, *, size: tuple[int, int], colour: str) -> np.ndarray:
    """Bring a picture that is loaded to the size and colour mode that a model takes.

    Parameters and what is returned are those of `scaled`.
    """
    image = image.convert("RGBA" if colour == "rgba" else "RGB").convert(COLOURS[colour][0])
    if image.size != size[::-1]:
        image = image.resize(size[::-1], Image.Resampling.BILINEAR)
    return np.asarray(image).reshape(*size, -1)


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
