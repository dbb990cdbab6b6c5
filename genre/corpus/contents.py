"""What a corpus holds, and what is wrong with it."""

from collections.abc import Iterable

import pandas as pd

from genre.corpus.excerpts import shortest
from genre.corpus.fingerprints import Match
from genre.corpus.tracks import NOT_LOOKED_FOR, have_audio

PAIR = ["track", "other"]


def find_duplicates(tracks: pd.DataFrame, matches: Iterable[Match]) -> pd.DataFrame:
    """List the pairs of tracks that hold the same recording.

    Parameters
    ----------
    tracks : pd.DataFrame [index: track]
        The usable tracks, with the column "sha256".
    matches : iterable of Match
        What their fingerprints say, in the same order.

    Returns
    -------
    pd.DataFrame
        Columns "track" and "other"; "kind", "exact" where the samples are the same, else
        "near"; "offset" (seconds) of the second's recording; "bit_error_rate" of their
        fingerprints.
    """
    rows = {}
    for _, same in tracks.dropna(subset="sha256").groupby("sha256", sort=False):
        for position, track in enumerate(same.index):
            for other in same.index[position + 1 :]:
                rows[track, other] = ("exact", 0.0, 0.0)
    for match in matches:
        pair = (tracks.index[match.first], tracks.index[match.second])
        rows.setdefault(pair, ("near", round(match.offset, 2), round(match.bit_error_rate, 3)))
    columns = [*PAIR, "kind", "offset", "bit_error_rate"]
    table = pd.DataFrame([(*pair, *row) for pair, row in rows.items()], columns=columns)
    places = pd.DataFrame({side: tracks.index.get_indexer(pd.Index(table[side])) for side in PAIR})
    return table.iloc[places.sort_values(PAIR).index].reset_index(drop=True)


def summarise(
    table: pd.DataFrame, duplicates: pd.DataFrame, *, sr: int, length: int
) -> dict[str, object]:
    """Count what a corpus holds.

    Parameters
    ----------
    table : pd.DataFrame
        All of the table of tracks.
    duplicates : pd.DataFrame
        What `find_duplicates` gave.
    sr : int > 0
        The sample rate that the pipeline works at, in Hz.
    length : int > 0
        Length of an excerpt in samples.

    Returns
    -------
    dict
        Numbers of tracks: in all, usable, left out by reason, by genre, in duplicate pairs,
        silent, clipped, shorter than an excerpt, longer so that only their middle is used, mixed
        down and resampled. What only audio can tell is `NOT_LOOKED_FOR` in a corpus without.
    """
    usable = table[table["reason"].isna()]
    kinds = duplicates["kind"].value_counts()
    heard = {
        "silent": int((table["reason"] == "silent").sum()),
        "exact_duplicates": int(kinds.get("exact", 0)),
        "near_duplicates": int(kinds.get("near", 0)),
        "clipped": int((usable["clipped"] > 0).sum()),
        "short": int((usable["samples"] < shortest(length)).sum()),
        "only_the_middle": int((usable["file_duration"] > usable["duration"]).sum()),
        "mixed_down": int((usable["channels"] > 1).sum()),
        "resampled": int((usable["sr"].dropna() != sr).sum()),
    }
    return {
        "tracks": len(table),
        "usable": len(usable),
        "left_out": _counts(table["reason"].dropna().str.replace(r":.*", "", regex=True)),
        **(heard if have_audio(usable) else dict.fromkeys(heard, NOT_LOOKED_FOR)),
        "genres": _counts(usable["genre"]),
    }


def _counts(values: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in values.value_counts().sort_index().items()}
