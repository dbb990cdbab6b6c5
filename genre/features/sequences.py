"""Features of segments to the tensors that the RNNs read: tracks x 10 steps x 57 features."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from genre.errors import InputError
from genre.features.definition import FEATURES


@dataclass(frozen=True)
class Sequences:
    """A version of the sequences.

    Attributes
    ----------
    tracks : np.ndarray [shape=(n,), dtype=str]
        Track of each sequence; a track comes twice where it has a noisy copy.
    x : np.ndarray [shape=(n, steps, 57), dtype=float32]
        The sequences; the first of a track is the one without noise.
    minimum, extent : np.ndarray [shape=(57,), dtype=float32]
        What was subtracted from each feature, and what it was then divided by.
    """

    tracks: np.ndarray
    x: np.ndarray
    minimum: np.ndarray
    extent: np.ndarray

    def save(self, path: Path) -> None:
        """Write the sequences to a npz file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, tracks=self.tracks, x=self.x, minimum=self.minimum, extent=self.extent)

    @classmethod
    def load(cls, path: Path) -> "Sequences":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**arrays)


def from_features(segments: Iterable[pd.DataFrame], tracks: pd.Index, *, steps: int) -> Sequences:
    """Put the features of each track's segments in order; nothing is scaled.

    Parameters
    ----------
    segments : iterable of pd.DataFrame
        features_3_sec.csv in parts, so that memory does not grow with it.
    tracks : pd.Index
        The tracks wanted, in order.
    steps : int > 0
        Segments of an excerpt.

    Returns
    -------
    Sequences
        The raw version. A step that a track lacks is the mean of the steps that it has.

    Raises
    ------
    InputError
        If a track has no segment.
    """
    x = np.full((len(tracks), steps, len(FEATURES)), np.nan)
    for part in segments:
        index = part["filename"].str.extract(r"^(?P<track>.+)\.(?P<step>\d+)\.wav$")
        rows = tracks.get_indexer(pd.Index(index["track"]))
        step = index["step"].fillna(-1).astype(int)
        known = (rows >= 0) & (step >= 0) & (step < steps)
        x[rows[known], step[known]] = part.loc[known, list(FEATURES)].to_numpy()
    missing = np.isnan(x).any(axis=2)
    if missing.all(axis=1).any():
        names = tracks[missing.all(axis=1)]
        raise InputError(
            f"features_3_sec.csv has no segment of {len(names)} tracks, the first {names[0]}: "
            "set features.source to compute, or give a file that has them"
        )
    neutral = np.zeros(len(FEATURES), np.float32)
    return Sequences(np.array(tracks, dtype=str), fill(x), neutral, neutral + 1)


def fill(x: np.ndarray) -> np.ndarray:
    """Fill the steps that excerpts lack by the mean of those that they have.

    Parameters
    ----------
    x : np.ndarray [shape=(n, steps, 57)]
        Features; not a number where there is none, though not at all steps of one.

    Returns
    -------
    np.ndarray [shape=(n, steps, 57), dtype=float32]
        The same without gaps.
    """
    missing = np.isnan(x).any(axis=2)
    filled = x.copy()
    for row in np.flatnonzero(missing.any(axis=1)):
        filled[row, missing[row]] = x[row, ~missing[row]].mean(axis=0)
    return filled.astype(np.float32)


def scale(raw: Sequences, split: pd.Series) -> Sequences:
    """Scale every feature to [0, 1] over the training tracks, and the others alike.

    Parameters
    ----------
    raw : Sequences
        The raw version.
    split : pd.Series [index: track]
        Who is in "train".

    Returns
    -------
    Sequences
        The scaled version; tracks outside training may go beyond [0, 1].
    """
    training = raw.x[(split[raw.tracks] == "train").to_numpy()]
    minimum, extent = extent_of(training.reshape(-1, training.shape[-1]))
    return Sequences(raw.tracks, (raw.x - minimum) / extent, minimum, extent)


def extent_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find what min-max scaling subtracts from each feature and what it divides by.

    Parameters
    ----------
    values : np.ndarray [shape=(n, features), dtype=float32]
        Features of the training tracks.

    Returns
    -------
    minimum, extent : np.ndarray [shape=(features,), dtype=float32]
        Least value, and distance to the greatest; 1 where a feature never changes.
    """
    minimum = values.min(axis=0)
    extent = values.max(axis=0) - minimum
    return minimum, np.where(extent > 0, extent, 1).astype(np.float32)


def inject_noise(
    scaled: Sequences,
    split: pd.Series,
    genres: pd.Series,
    rng: np.random.Generator,
    *,
    low: float,
    high: float,
) -> Sequences:
    """Add a noisy copy of each training sequence.

    Each value moves up or down by a draw between `low` and `high` standard deviations of its
    genre, step and feature over the training tracks, and stays in [0, 1].

    Parameters
    ----------
    scaled : Sequences
        The scaled version.
    split, genres : pd.Series [index: track]
        Split and genre of each track.
    rng : numpy.random.Generator
        Where the noise comes from.
    low, high : float >= 0
        Range of the noise in standard deviations.

    Returns
    -------
    Sequences
        The scaled version, and behind it the copies.
    """
    chosen = (split[scaled.tracks] == "train").to_numpy()
    clean, tracks = scaled.x[chosen], scaled.tracks[chosen]
    labels = genres[tracks].to_numpy()
    deviation = np.empty_like(clean)
    for genre in np.unique(labels):
        deviation[labels == genre] = clean[labels == genre].std(axis=0)
    moved = rng.uniform(low, high, clean.shape) * rng.choice([-1.0, 1.0], clean.shape)
    noisy = np.clip(clean + moved * deviation, 0.0, 1.0).astype(np.float32)
    return Sequences(
        np.concatenate([scaled.tracks, tracks]),
        np.concatenate([scaled.x, noisy]),
        scaled.minimum,
        scaled.extent,
    )
