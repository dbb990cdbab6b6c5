"""What a split lets a model see of its test tracks."""

from typing import Any

import numpy as np
import pandas as pd

from genre.corpus.tracks import NOT_LOOKED_FOR
from genre.splitting.splits import SPLITS


def leak_report(
    genres: pd.Series,
    split: dict[str, list[str]],
    groups: pd.Series,
    duplicates: pd.DataFrame | None,
) -> dict[str, Any]:
    """Count tracks by genre and side, and what is on two sides.

    Parameters
    ----------
    genres : pd.Series [index: track]
        The genre of each track.
    split : dict
        The tracks of "train", "val" and "test".
    groups : pd.Series [index: track]
        The group of each track that has one, its artist for example.
    duplicates : pd.DataFrame or None
        Columns "track", "other" and "kind": pairs of the same recording; None where nobody
        looked for any.

    Returns
    -------
    dict
        "tracks" of each side by genre; "imbalance", the most tracks by which a genre's count on
        a side departs from its share; "groups", how many tracks have one and how many have none,
        how many groups each two sides share, how many test tracks are in those of train and test,
        and the names of these; "duplicates", the pairs on two sides.
    """
    side = pd.Series({track: name for name in SPLITS for track in split[name]})
    counts = pd.crosstab(side, genres[side.index]).reindex(list(SPLITS), fill_value=0)
    fair = np.outer(counts.sum(axis=1), counts.sum()) / len(side)
    known = groups[groups.index.isin(side.index)]
    names = {name: set(known[known.index.isin(split[name])]) for name in SPLITS}
    shared = names["train"] & names["test"]
    return {
        "tracks": {
            name: {"all": int(row.sum()), "genres": {genre: int(n) for genre, n in row.items()}}
            for name, row in counts.iterrows()
        },
        "in_no_split": len(genres) - len(side),
        "imbalance": round(float((counts - fair).abs().to_numpy().max()), 2),
        "groups": {
            "tracks_with_a_group": len(known),
            "tracks_without_a_group": len(side) - len(known),
            "shared_by_train_and_test": len(shared),
            "test_tracks_in_those": sum(known.get(track) in shared for track in split["test"]),
            "shared_by_train_and_val": len(names["train"] & names["val"]),
            "shared_by_val_and_test": len(names["val"] & names["test"]),
            "names": sorted(shared),
        },
        "duplicates": _across(side, duplicates),
    }


def _across(side: pd.Series, duplicates: pd.DataFrame | None) -> dict[str, Any]:
    """The pairs of duplicates on two sides."""
    if duplicates is None:
        return {"across_sides": NOT_LOOKED_FOR, "pairs": []}
    pairs = [
        {"track": one, "other": other, "kind": kind, "sides": f"{side[one]}, {side[other]}"}
        for one, other, kind in duplicates[["track", "other", "kind"]].itertuples(index=False)
        if one in side and other in side and side[one] != side[other]
    ]
    return {"across_sides": len(pairs), "pairs": pairs}
