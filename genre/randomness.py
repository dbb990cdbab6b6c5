"""Random numbers: every generator descends from the one seed of params.yaml."""

import zlib

import numpy as np


def generator(seed: int, *names: str) -> np.random.Generator:
    """Make the generator of one piece of work.

    A generator depends on the seed and on what it is for, not on what was drawn before: a track
    keeps its noise when tracks are added, and any number of workers gives the same result.

    Parameters
    ----------
    seed : int >= 0
        The seed of params.yaml.
    *names : str
        What the numbers are for, for example ``"noise", "blues.00000"``.

    Returns
    -------
    numpy.random.Generator
        A generator of its own for these names.
    """
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])
