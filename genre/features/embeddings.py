"""What a pretrained network says of each track: as a whole, and step by step."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre.features.patches import cut

PENULTIMATE = 200  # values of that layer, the last of an embedding


@dataclass(frozen=True)
class Embeddings:
    """The embeddings of tracks.

    Attributes
    ----------
    tracks : np.ndarray [shape=(n,), dtype=str]
        The tracks.
    whole : np.ndarray [shape=(n, size), dtype=float32]
        Of each track, the mean over its patches.
    steps : np.ndarray [shape=(n, patches, 200), dtype=float32]
        The penultimate layer's for each patch, in the order of time; not a number where a patch
        was left out or a track has ended.
    """

    tracks: np.ndarray
    whole: np.ndarray
    steps: np.ndarray

    def save(self, path: Path) -> None:
        """Write the embeddings to a npz file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, tracks=self.tracks, whole=self.whole, steps=self.steps)

    @classmethod
    def load(cls, path: Path) -> "Embeddings":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**arrays)


def hear(
    network: Callable[[np.ndarray], np.ndarray], log_mel: np.ndarray, *, stride: int, patches: int
) -> tuple[np.ndarray, np.ndarray]:
    """Let a network hear an excerpt.

    Parameters
    ----------
    network : callable
        Gives the embedding [shape=(n, size)] of patches [shape=(n, frames, mels)].
    log_mel : np.ndarray [shape=(frames, mels)]
        The excerpt's log-mel spectrogram.
    stride : int > 0
        One of so many patches is heard.
    patches : int > 0
        How many a whole excerpt has.

    Returns
    -------
    whole : np.ndarray [shape=(size,), dtype=float32]
        The mean embedding of all patches that were heard.
    steps : np.ndarray [shape=(patches, 200), dtype=float32]
        The penultimate layer's of each; not a number where a patch was left out or there is none.
    """
    said = network(cut(log_mel.astype(np.float32), stride=stride))
    steps = np.full((patches, PENULTIMATE), np.nan, np.float32)
    heard = steps[::stride]
    heard[: len(said)] = said[: len(heard), -PENULTIMATE:]
    return said.mean(axis=0), steps
