"""What a pretrained network says of each track: as a whole, and step by step."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


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
