"""The log-mel spectrograms of all tracks in one array on disk, which is read piece by piece."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from genre.features.patches import N_MELS, log_mel

VALUES, FRAMES = "log_mels.npy", "frames.csv"


@dataclass(frozen=True)
class LogMels:
    """Log-mel spectrograms of tracks.

    Attributes
    ----------
    tracks : pd.Index
        The tracks.
    spectrograms : np.memmap [shape=(n, frames, N_MELS), dtype=float16]
        Each track's spectrogram, time first, and zeros behind it.
    frames : np.ndarray [shape=(n,), dtype=int]
        How many frames each track has.
    """

    tracks: pd.Index
    spectrograms: np.ndarray
    frames: np.ndarray

    @classmethod
    def read(cls, folder: Path) -> "LogMels":
        """Read what `write` wrote."""
        table = pd.read_csv(folder / FRAMES, dtype={"track": str}, keep_default_na=False)
        values = np.load(folder / VALUES, mmap_mode="r")
        return cls(pd.Index(table["track"]), values, table["frames"].to_numpy())

    def by_track(self) -> Iterator[tuple[str, np.ndarray]]:
        """Each track and its spectrogram [shape=(its frames, N_MELS)], which is read when used."""
        for track, row, count in zip(self.tracks, self.spectrograms, self.frames, strict=True):
            yield str(track), row[:count]


def make(samples: np.ndarray, *, sr: int, loudness: float | None) -> np.ndarray:
    """The log-mel spectrogram of a sound as it is kept, [shape=(frames, N_MELS), dtype=float16].

    Parameters are those of `genre.features.patches.log_mel`.
    """
    return log_mel(samples, sr=sr, loudness=loudness).astype(np.float16)


def write(
    folder: Path, tracks: Iterable[str], frames: np.ndarray, log_mels: Iterable[np.ndarray]
) -> None:
    """Write log-mel spectrograms as they come, so that memory does not grow with the corpus.

    Parameters
    ----------
    folder : Path
        Where to.
    tracks : iterable of str
        The tracks; there may be none.
    frames : np.ndarray [shape=(n,), dtype=int]
        How many frames each has.
    log_mels : iterable of np.ndarray [shape=(frames, N_MELS), dtype=float16]
        The spectrogram of each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame({"track": list(tracks), "frames": frames})
    table.to_csv(folder / FRAMES, index=False, lineterminator="\n")
    shape = (len(frames), int(frames.max(initial=0)), N_MELS)
    values = np.lib.format.open_memmap(folder / VALUES, "w+", np.float16, shape)
    for row, frames_of_track in zip(values, log_mels, strict=True):
        row[: len(frames_of_track)] = frames_of_track
    values.flush()
