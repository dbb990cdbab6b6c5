"""A file to excerpts of the length that models know, and what they read of each."""

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from genre.classification.inputs import Inputs, Recipe, make_inputs
from genre.corpus.audio import decode, fault, too_short
from genre.corpus.excerpts import SLACK
from genre.features.segments import segment_length


@dataclass(frozen=True)
class Song:
    """A file that somebody wants to know the genre of.

    Attributes
    ----------
    path : Path
        The file.
    fault : str
        Why nothing can be said of it; empty where something can.
    duration : float
        Its length in seconds.
    starts, ends : list of float
        Where each excerpt begins and ends, in seconds. Those that are silent are left out.
    silent : int
        How many are.
    excerpts : list of Inputs
        What models read of each.
    """

    path: Path
    fault: str = ""
    duration: float = 0.0
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    silent: int = 0
    excerpts: list[Inputs] = field(default_factory=list)


def cut(samples: int, *, length: int) -> list[int]:
    """Where the excerpts of a song begin, so that all of it is heard.

    Parameters
    ----------
    samples, length : int > 0
        Samples of the song, and of an excerpt.

    Returns
    -------
    list of int
        One for a song that is no longer than an excerpt may be; else as few as reach from its
        beginning to its end, at equal distances.
    """
    if samples <= (1 + SLACK) * length:
        return [0]
    count = math.ceil(samples / length - SLACK)
    return [int(start) for start in np.linspace(0, samples - length, count)]


def open_song(
    path: Path, *, recipe: Recipe, wanted: Collection[str], longest: float = math.inf
) -> Song:
    """Decode a file, and make what models read of each excerpt.

    Parameters
    ----------
    path : Path
        A file of any format that a corpus may have.
    recipe : Recipe
        How the models were made.
    wanted : collection of str
        What to make, see `genre.classification.inputs.make_inputs`.
    longest : float
        Of a song of more seconds nothing is made.

    Returns
    -------
    Song
        The song; what is wrong with it is said there.
    """
    sr = recipe.sr
    if path.exists() and not path.is_file():
        return Song(path, "is no file: a pipe or a device may never end")
    try:
        samples = decode(path, sr=sr).samples
    except ValueError as error:
        return Song(path, str(error))
    except OSError as error:
        return Song(path, error.strerror or str(error))
    duration = round(len(samples) / sr, 3)
    if duration > longest:
        return Song(path, f"too long: {duration:.0f} s of at most {longest:.0f}", duration)
    minimum = segment_length(recipe.segment, sr)
    if reason := too_short(len(samples), minimum=minimum) or fault(samples):
        return Song(path, reason, duration)
    starts = cut(len(samples), length=recipe.length)
    stretch = recipe.length if len(starts) > 1 else len(samples)
    loud = [start for start in starts if not fault(samples[start : start + stretch])]
    if not loud:
        return Song(path, "silent", duration)
    return Song(
        path,
        duration=duration,
        starts=[round(start / sr, 3) for start in loud],
        ends=[round((start + stretch) / sr, 3) for start in loud],
        silent=len(starts) - len(loud),
        excerpts=[make_inputs(samples[k : k + stretch], recipe, wanted) for k in loud],
    )
