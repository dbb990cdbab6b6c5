"""Features as tables: the csv files of GTZAN's layout."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from genre.errors import InputError
from genre.features.definition import COLUMNS, FEATURES
from genre.features.segments import segment_name


def make_table(
    rows: Sequence[np.ndarray], names: Sequence[str], genres: Sequence[str]
) -> pd.DataFrame:
    """Lay features out as GTZAN's tables are.

    Parameters
    ----------
    rows : sequence of np.ndarray [shape=(n, 58)]
        Samples and features of some stretches each.
    names, genres : sequence of str
        File name and genre of each stretch.

    Returns
    -------
    pd.DataFrame [columns: COLUMNS]
        The table.
    """
    table = pd.DataFrame(np.vstack(rows), columns=list(COLUMNS[1:-1]))
    table = table.astype({COLUMNS[1]: int})
    table.insert(0, COLUMNS[0], names)
    return table.assign(**{COLUMNS[-1]: genres})


def read_features(path: Path, tracks: pd.Index, *, steps: int | None = None) -> pd.DataFrame:
    """Read the rows of some tracks from a csv file in GTZAN's layout.

    Parameters
    ----------
    path : Path
        `features_30_sec.csv`, or `features_3_sec.csv`.
    tracks : pd.Index
        The tracks wanted.
    steps : int > 0, optional
        With it the file holds segments, at most so many of a track, and not all are needed.

    Returns
    -------
    pd.DataFrame [columns: COLUMNS]
        The rows, in the order of `tracks`.

    Raises
    ------
    InputError
        If the file is missing, has other columns, values that are not numbers, or not all rows.
    """
    if not path.is_file():
        raise InputError(
            f"features.source is dataset, but the corpus has no {path.name}: put it beside "
            "genres_original/, or set features.source to compute"
        )
    try:
        text = {COLUMNS[0]: str, COLUMNS[-1]: str}
        table = pd.read_csv(path, dtype=text)
    except ValueError as error:
        raise InputError(f"{path}: cannot be read as a table: {error}") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(f"{path.name}: a line has more fields than there are columns")
    absent = [column for column in COLUMNS if column not in table.columns]
    if absent:
        raise InputError(f"{path.name} has no column {', '.join(absent)}: it is not GTZAN's")
    table = table[list(COLUMNS)]
    values = table[list(FEATURES)].apply(pd.to_numeric, errors="coerce")
    broken = ~np.isfinite(values).all(axis=1)
    if broken.any():
        raise InputError(
            f"{path.name}, line {broken.idxmax() + 2} ({table['filename'][broken.idxmax()]}): "
            "a feature is not a number"
        )
    if steps is None:
        names = [f"{track}.wav" for track in tracks]
    else:
        known = set(table["filename"])
        every = [segment_name(track, step) for track in tracks for step in range(steps)]
        names = [name for name in every if name in known]
    table = table.drop_duplicates("filename").set_index("filename", drop=False)
    missing = [name for name in names if name not in table.index]
    if missing:
        raise InputError(f"{path.name} lacks {len(missing)} tracks, the first {missing[0]}")
    return table.loc[names]
