"""The table that every model writes, and every ensemble and evaluation reads."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from genre.errors import InputError

FIXED = ["track", "split", "genre"]
TEXTS = (*FIXED, "predicted", "shared", "model", "other")  # columns that are read as text
# Genres that are called as one of these: a column of probabilities or counts is no text.
TAKEN = re.compile(rf"(genre:)*({'|'.join(TEXTS)})")


def make_table(genres: pd.Series, split: pd.Series, probabilities: np.ndarray) -> pd.DataFrame:
    """Put predictions into a table.

    Parameters
    ----------
    genres : pd.Series [index: track]
        True genre of each track.
    split : pd.Series [index: track]
        Split of each track.
    probabilities : np.ndarray [shape=(n, classes)]
        Softmax of each track; the classes are the genres in alphabetical order.

    Returns
    -------
    pd.DataFrame [index: track]
        Columns "split", "genre", and one for each class, see `column_of`.
    """
    columns = list(map(column_of, classes_of(genres)))
    table = pd.DataFrame(probabilities, index=genres.index, columns=columns)
    table.insert(0, "split", split.reindex(genres.index))
    table.insert(1, "genre", genres)
    return table


def column_of(genre: str) -> str:
    """The column of a genre: its name, but `genre:split` for a genre called `split`."""
    return f"genre:{genre}" if TAKEN.fullmatch(genre) else genre


def genre_of(column: str) -> str:
    """The genre of a column, see `column_of`."""
    return column.removeprefix("genre:") if TAKEN.fullmatch(column) else column


def classes_of(genres: pd.Series) -> list[str]:
    """The classes in the order of every model's softmax: alphabetical."""
    return sorted(set(genres))


def labels_of(genres: pd.Series) -> np.ndarray:
    """The class of each track as a number."""
    return pd.Categorical(genres, categories=classes_of(genres)).codes.astype(np.int64)


def probabilities_of(table: pd.DataFrame) -> pd.DataFrame:
    """The columns of a table that hold probabilities, by genre."""
    return table.drop(columns=FIXED[1:]).rename(columns=genre_of)


def predicted(table: pd.DataFrame) -> pd.Series:
    """The most probable genre of each track."""
    return probabilities_of(table).idxmax(axis=1)


def write_predictions(table: pd.DataFrame, path: Path) -> None:
    """Write a table of predictions as csv."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index_label="track", lineterminator="\n")


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of tracks, genres or models: their names are text, also `1980` and `NA`."""
    return pd.read_csv(path, dtype=dict.fromkeys(TEXTS, str), keep_default_na=False, na_values=[""])


def read_predictions(path: Path) -> pd.DataFrame:
    """Read a table of predictions.

    Raises
    ------
    InputError
        If the file is not such a table.
    """
    table = read_table(path)
    if list(table.columns[:3]) != FIXED:
        raise InputError(f"{path}: not a table of predictions: track, split, genre, probabilities")
    return table.set_index("track")
