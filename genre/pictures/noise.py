"""Noisy copies of pictures: salt and pepper, Gaussian or Poisson noise."""

import functools

import numpy as np
import scipy.special

from genre.pictures.frame import content_box

QUANTILES = 2**16  # what noise is drawn from: two random bytes choose one


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
        # An index into the flat table: twice as fast as one for the value, one for the quantile.
        content[:] = _poisson_quantiles(poisson).take(QUANTILES * content.astype(int) + chosen)
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
