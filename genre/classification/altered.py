"""Altered excerpts of training tracks, which models beyond the study may learn from, too.

A model that has heard a genre softer, louder and from a telephone is less led astray by that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre.features import log_mels
from genre.features.definition import FEATURES

ARRAYS, LOG_MELS = "features.npz", "log_mels"


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
    folder: Path,
    tracks: list[str],
    frames: np.ndarray,
    inputs: Iterable[tuple[np.ndarray, np.ndarray, np.ndarray]],
    *,
    steps: int,
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
    inputs : iterable of (np.ndarray, np.ndarray, np.ndarray)
        Whole, sequence and log-mel spectrogram of each.
    steps : int > 0
        Segments of an excerpt.
    """
    whole = np.zeros((len(tracks), len(FEATURES)), np.float32)
    sequences = np.zeros((len(tracks), steps, len(FEATURES)), np.float32)

    def spectrograms() -> Iterator[np.ndarray]:
        for row, (features, sequence, log_mel) in enumerate(inputs):
            whole[row], sequences[row] = features, sequence
            yield log_mel

    log_mels.write(folder / LOG_MELS, tracks, frames, spectrograms())
    names = np.array(tracks, dtype=str)
    np.savez(folder / ARRAYS, tracks=names, whole=whole, sequences=sequences)
