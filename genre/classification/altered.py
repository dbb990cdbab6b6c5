"""Altered excerpts of training tracks, which models beyond the study may learn from, too.

A model that has heard a genre softer, louder and from a telephone is less led astray by that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre.classification.inputs import Inputs
from genre.evaluation.transformations import band_limit, level
from genre.features import log_mels
from genre.features.definition import FEATURES

LIMITED = 0.5  # share of the excerpts that lose their treble
ARRAYS, LOG_MELS = "features.npz", "log_mels"


def alter(
    samples: np.ndarray, rng: np.random.Generator, *, sr: int, most: float, lowest: float
) -> np.ndarray:
    """Draw a level, and a frequency above which nothing is left of every second excerpt.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono audio.
    rng : numpy.random.Generator
        Where both come from.
    sr : int > 0
        Sample rate in Hz.
    most : float >= 0
        The most that it becomes louder or softer, in dB.
    lowest : float > 0
        The lowest such frequency in Hz; they are drawn evenly by octaves, up to sr / 2.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The excerpt, altered; see `genre.evaluation.transformations`.
    """
    gain, limited = rng.uniform(-most, most), rng.random() < LIMITED
    limit = np.exp(rng.uniform(np.log(min(lowest, sr / 2)), np.log(sr / 2)))
    altered = level(samples, decibels=gain)
    return band_limit(altered, sr=sr, limit=int(limit)) if limited else altered


@dataclass(frozen=True)
class Altered:
    """What models read of altered excerpts.

    Attributes
    ----------
    tracks : np.ndarray [shape=(n,), dtype=str]
        The training track that each is of; there may be none.
    whole : np.ndarray [shape=(n, 57), dtype=float32]
        Raw features.
    sequences : np.ndarray [shape=(n, steps, 57), dtype=float32]
        Raw features of the segments.
    """

    tracks: np.ndarray
    whole: np.ndarray
    sequences: np.ndarray

    @classmethod
    def load(cls, folder: Path) -> "Altered":
        """Read what `write` wrote, but for the log-mel spectrograms."""
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            return cls(**arrays)


def write(
    folder: Path, tracks: list[str], frames: np.ndarray, inputs: Iterable[Inputs], *, steps: int
) -> None:
    """Write what models read of altered excerpts, as it comes.

    Parameters
    ----------
    folder : Path
        Where to.
    tracks : list of str
        The track that each is of.
    frames : np.ndarray [shape=(n,), dtype=int]
        How many frames its log-mel spectrogram has.
    inputs : iterable of Inputs
        Sequence, whole and log-mel spectrogram of each.
    steps : int > 0
        Segments of an excerpt.
    """
    whole = np.zeros((len(tracks), len(FEATURES)), np.float32)
    sequences = np.zeros((len(tracks), steps, len(FEATURES)), np.float32)

    def spectrograms() -> Iterator[np.ndarray]:
        for row, found in enumerate(inputs):
            whole[row], sequences[row] = found.whole, found.sequence
            yield found.log_mel

    log_mels.write(folder / LOG_MELS, tracks, frames, spectrograms())
    names = np.array(tracks, dtype=str)
    np.savez(folder / ARRAYS, tracks=names, whole=whole, sequences=sequences)
