"""Altered copies of pictures: masks and time reversal.

Every function takes and gives arrays of shape (height, width, channels), dtype uint8. Only what
lies inside the frame is changed, and never the alpha channel.
"""

import numpy as np

from genre.pictures.frame import content_box


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
