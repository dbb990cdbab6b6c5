"""What an example is: an excerpt of a track, of one length for all.

GTZAN's tracks last 29.9 to 30.7 s; each is an excerpt of 30 s as it is.
"""

import numpy as np

SLACK = 0.05  # share of its length by which an excerpt may be shorter or longer


def excerpt_length(duration: float, sr: int) -> int:
    """Length of an excerpt in samples, by its duration in seconds and the sample rate in Hz."""
    return round(duration * sr)


def excerpt(samples: np.ndarray, *, length: int) -> np.ndarray:
    """The middle of a track.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        The track.
    length : int > 0
        Length of an excerpt in samples.

    Returns
    -------
    np.ndarray [shape=(length,) or (n,)]
        So many samples, or all of a track that is shorter, or longer by no more than `SLACK`.
    """
    if len(samples) <= (1 + SLACK) * length:
        return samples
    start = (len(samples) - length) // 2
    return samples[start : start + length]


def shortest(length: int) -> float:
    """The fewest samples of a track that is no short one, for excerpts of so many samples."""
    return (1 - SLACK) * length
