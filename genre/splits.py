"""Who is in train, val and test."""

import json
import logging
import math
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

from genre.errors import InputError

SPLITS = ("train", "val", "test")

log = logging.getLogger(__name__)


def stratified(genres: pd.Series, *, test: float, val: float, seed: int) -> dict[str, list[str]]:
    """Split tracks so that every genre has its share of every split.

    The test tracks are drawn first, then the validation tracks from the rest, both by
    scikit-learn's `train_test_split`, as the study did. On a small corpus a share that would
    leave a genre out is raised to one track a genre.

    Parameters
    ----------
    genres : pd.Series [index: track]
        The genre of each track; the result depends on the order.
    test : float in (0, 1)
        Share of the test tracks.
    val : float in (0, 1)
        Share of the validation tracks among the rest.
    seed : int
        Seed of both draws.

    Returns
    -------
    dict
        The tracks of "train", "val" and "test", each in the order of `genres`.

    Raises
    ------
    InputError
        If there are too few tracks for every genre to have one in every split.
    """

    def draw(tracks: pd.Index, name: str, share: float) -> list[pd.Index]:
        wanted, fewest = math.ceil(share * len(tracks)), genres.nunique()
        if wanted < fewest:
            log.warning(
                "split.%s: %g gives %d tracks; it is %d, one a genre", name, share, wanted, fewest
            )
        return train_test_split(
            tracks, test_size=max(wanted, fewest), stratify=genres[tracks], random_state=seed
        )

    try:
        rest, tested = draw(genres.index, "test", test)
        train, validated = draw(rest, "val", val)
    except ValueError as error:
        counts = genres.value_counts()
        raise InputError(
            f"split: {len(genres)} tracks ({counts.min()} of {counts.idxmin()}) are too few to "
            f"split by genre with test {test:g} and val {val:g}: {error}"
        ) from error
    members = {"train": set(train), "val": set(validated), "test": set(tested)}
    split = {name: [track for track in genres.index if track in members[name]] for name in SPLITS}
    for name, tracks in split.items():
        missing = set(genres) - set(genres[tracks])
        if missing:
            raise InputError(f"split: no {name} track of {', '.join(sorted(missing))}: add tracks")
    return split


def write_split(split: dict[str, list[str]], path: Path, *, scheme: str, seed: int) -> None:
    """Write a split as JSON: its scheme, its seed, and the tracks."""
    path.write_text(json.dumps({"scheme": scheme, "seed": seed, **split}, indent=1) + "\n")


def read_split(path: Path) -> pd.Series:
    """Read a split.

    Returns
    -------
    pd.Series [index: track]
        "train", "val" or "test" for each track that is in one.
    """
    split = json.loads(path.read_text())
    return pd.Series({track: name for name in SPLITS for track in split[name]}, name="split")
