"""Groups: tracks that must stay on one side of a split, such as those of one artist."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genre.errors import InputError
from genre.splitting.names import Names

ARTISTS = Path(__file__).parent / "gtzan/artists.csv"


def read_rows(path: Path) -> pd.DataFrame:
    """Read a table of groups as it is.

    Parameters
    ----------
    path : Path
        A csv file with the columns `track` and `group`.

    Returns
    -------
    pd.DataFrame
        Its rows that name a track and a group; none where the file has but its header.

    Raises
    ------
    InputError
        If the file is not such a table.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(
            f"split.groups: {path} cannot be read: {str(error).strip()}; name a csv file with the "
            "columns track and group"
        ) from error
    if not {"track", "group"} <= set(table.columns):
        raise InputError(
            f"split.groups: {path} must have the columns track and group; it has "
            f"{', '.join(table.columns)}"
        )
    if not isinstance(table.index, pd.RangeIndex):  # pandas makes names of rows of what is too much
        raise InputError(
            f"split.groups: {path}: rows have more fields than there are columns, the first: "
            f"{table.index[0]!r}; put a text with a comma into quotation marks"
        )
    table = table[["track", "group"]].fillna("")  # where a row is too short
    return table[(table["track"] != "") & (table["group"] != "")]


def read_groups(path: Path, names: Names) -> pd.Series:
    """Read which group each track belongs to.

    Parameters
    ----------
    path : Path
        As for `read_rows`; a track without a group has no row, or an empty group.
    names : Names
        What the corpus's tracks go by; rows of other tracks are passed over with a warning.

    Returns
    -------
    pd.Series [index: track]
        The name of each track's group.

    Raises
    ------
    InputError
        As `read_rows`; and if the file puts a track into two groups.
    """
    table = read_rows(path)
    found = names.find_all(table["track"], where=f"split.groups: {path}")
    table = table.assign(track=table["track"].map(found)).dropna(subset=["track"])
    groups = table.drop_duplicates().set_index("track")["group"]
    twice = groups.index[groups.index.duplicated()]
    if len(twice):
        raise InputError(
            f"split.groups: {path} puts {twice[0]} into two groups, "
            f"{' and '.join(groups[[twice[0]]])}: give it one"
        )
    return groups


def gtzan_artists() -> pd.Series:
    """The artist of each track of GTZAN that has a known one; gtzan/README.md names the source.

    Returns
    -------
    pd.Series [index: track]
        919 artists' names.
    """
    return read_rows(ARTISTS).set_index("track")["group"]


def join_groups(
    tracks: Iterable[str], groups: pd.Series, pairs: Iterable[tuple[str, str]]
) -> pd.Series:
    """Number the sets of tracks that groups and pairs tie together, directly or not.

    Parameters
    ----------
    tracks : iterable of str
        All tracks.
    groups : pd.Series [index: track]
        What `read_groups` gave; tracks that are not in `tracks` are passed over.
    pairs : iterable of (str, str)
        Tracks that belong together, such as duplicates.

    Returns
    -------
    pd.Series [index: track, dtype=int]
        The number of each track's set; a track that is tied to no other has one of its own.
    """
    tracks = pd.Index(tracks)
    known = groups[groups.index.isin(tracks)]
    first = known.groupby(known).transform(lambda members: members.index[0])
    ties = [*zip(known.index, first, strict=True), *pairs]
    rows = tracks.get_indexer(pd.Index([one for one, _ in ties]))
    columns = tracks.get_indexer(pd.Index([other for _, other in ties]))
    here = (rows >= 0) & (columns >= 0)
    graph = coo_array(
        (np.ones(here.sum()), (rows[here], columns[here])), shape=(len(tracks), len(tracks))
    )
    return pd.Series(connected_components(graph, directed=False)[1], index=tracks, name="group")
