"""The white frame around what a picture shows."""

from typing import NamedTuple

import numpy as np

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
