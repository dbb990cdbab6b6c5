"""Groups: tracks that must stay on one side of a split, such as those of one artist."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genre.corpus.layout import without_ending
from genre.errors import InputError
from genre.splitting.names import Names


def read_groups(path: Path, names: Names) -> pd.Series:
    """Read which group each track belongs to.

    Parameters
    ----------
    path : Path
        A csv file with the columns `track` and `group`; a track without a group has no row, or
        an empty group. A file with no rows is allowed.
    names : Names
        What the corpus's tracks go by; rows of other tracks are passed over with a warning.

    Returns
    -------
    pd.Series [index: track]
        The name of each track's group.

    Raises
    ------
    InputError
        If the file is not such a table, or if it puts a track into two groups.
    """
    try:
        table = pd.read_csv(path, dtype=str)
    except (OSError, ValueError) as error:
        raise InputError(f"split.groups: {path} cannot be read: {error}") from error
    if not {"track", "group"} <= set(table.columns):
        raise InputError(
            f"split.groups: {path} must have the columns track and group; it has "
            f"{', '.join(table.columns)}"
        )
    table = table.dropna(subset=["track", "group"])
    found = names.find_all(table["track"], where=f"split.groups: {path}")
    table = table.assign(track=table["track"].map(found)).dropna(subset=["track"])
    groups = table.drop_duplicates(["track", "group"]).set_index("track")["group"]
    twice = groups.index[groups.index.duplicated()]
    if len(twice):
        raise InputError(
            f"split.groups: {path} puts {twice[0]} into two groups, "
            f"{' and '.join(groups[[twice[0]]])}: give it one"
        )
    return groups


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


def sturm_artists(text: str) -> pd.Series:
    """Read the artists from Sturm's index of GTZAN.

    Parameters
    ----------
    text : str
        The content of `GTZANindex.txt`: lines of `file ::: artist ::: title`, comments behind
        `##`; an artist may be missing. B. L. Sturm, "An analysis of the GTZAN music genre
        dataset", MIRUM 2012.

    Returns
    -------
    pd.Series [index: track]
        The artist of each track that has one, as the index spells it, but for case and a
        leading "the".

    Raises
    ------
    InputError
        If a line is not of this form.
    """
    artists = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("##"):
            continue
        parts = [part.strip() for part in line.split(":::")]
        if len(parts) < 2:
            raise InputError(f"line {number} is not `file ::: artist ::: title`: {line!r}")
        if parts[1]:
            artists[without_ending(PurePosixPath(parts[0])).name] = (
                parts[1].lower().removeprefix("the ")
            )
    return pd.Series(artists, name="group").rename_axis("track")
