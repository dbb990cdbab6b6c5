"""The schemes that decide who is in train, val and test.

Each gives a split as a dict: the tracks of "train", "val" and "test", in the order of the corpus.
"""

import logging
import math
import warnings
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, train_test_split

from genre.errors import InputError
from genre.splitting.names import Names
from genre.splitting.splits import SPLITS

DRAWS = 10  # grouped draws of which the best balanced is taken
MOST_FOLDS = 50  # that a draw is joined from; more take long

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
        The tracks of each split.

    Raises
    ------
    InputError
        If there are too few tracks for every genre to have one in every split.
    """

    def draw(tracks: np.ndarray, name: str, share: float) -> list[np.ndarray]:
        wanted, fewest = math.ceil(share * len(tracks)), genres.nunique()
        if wanted < fewest:
            log.warning(
                "split.%s: %g gives %d tracks; it is %d, one a genre", name, share, wanted, fewest
            )
        drawn: list[np.ndarray] = train_test_split(
            tracks, test_size=max(wanted, fewest), stratify=genres[tracks], random_state=seed
        )
        return drawn

    try:
        rest, tested = draw(genres.index.to_numpy(object), "test", test)
        train, validated = draw(rest, "val", val)
    except ValueError as error:
        counts = genres.value_counts()
        raise InputError(
            f"split: {len(genres)} tracks ({counts.min()} of {counts.idxmin()}) are too few to "
            f"split by genre with test {test:g} and val {val:g}: {error}"
        ) from error
    return _checked(genres, train, validated, tested)


def grouped(
    genres: pd.Series, groups: pd.Series, *, test: float, val: float, seed: int
) -> dict[str, list[str]]:
    """Split tracks by genre as far as groups allow, each group on one side.

    Folds of scikit-learn's `StratifiedGroupKFold` are joined to the shares; of some draws the
    one is taken whose genres are nearest to theirs. A genre with one group is only trained on.

    Parameters
    ----------
    genres : pd.Series [index: track]
        The genre of each track.
    groups : pd.Series [index: track]
        The group of each track.
    test, val : float in (0, 1)
        Shares, as for `stratified`.
    seed : int
        Seed of the draws.

    Returns
    -------
    dict
        The tracks of each split.

    Raises
    ------
    InputError
        If there are too few groups.
    """
    tested = _draw_groups(genres, groups, share=test, seed=seed)
    rest = genres.index.difference(tested, sort=False)
    validated = _draw_groups(genres[rest], groups[rest], share=val, seed=seed)
    train = rest.difference(validated, sort=False)
    return _checked(genres, train, validated, tested)


def kfold(
    genres: pd.Series, groups: pd.Series, *, folds: int, fold: int, val: float, seed: int
) -> dict[str, list[str]]:
    """Take one fold of a cross-validation for the test, each group in one fold.

    Parameters
    ----------
    genres, groups : pd.Series [index: track]
        Genre and group of each track.
    folds : int >= 2
        How many folds there are; each track is a test track in exactly one.
    fold : int in [0, folds)
        The fold to test on.
    val : float in (0, 1)
        Share of the validation tracks among the rest.
    seed : int
        Seed of the draws; the same for every fold.

    Returns
    -------
    dict
        The tracks of each split.

    Raises
    ------
    InputError
        If there are too few tracks for so many folds.
    """
    tested = genres.index[list(_folds(genres, groups, folds, seed))[fold]]
    rest = genres.index.difference(tested, sort=False)
    validated = _draw_groups(genres[rest], groups[rest], share=val, seed=seed)
    return _checked(genres, rest.difference(validated, sort=False), validated, tested)


def listed(
    genres: pd.Series,
    lists: dict[str, list[str]],
    names: Names,
    groups: pd.Series,
    *,
    val: float,
    seed: int,
) -> dict[str, list[str]]:
    """Split tracks as lists say; a track in none of them is in no split, which is warned of.

    Where there is no list for validation, its tracks are drawn from those to train on, as for
    `grouped`.

    Parameters
    ----------
    genres : pd.Series [index: track]
        The genre of each track.
    lists : dict
        The names of the tracks of "train", "test" and, where there is such a list, "val".
    names : Names
        What the corpus's tracks go by; others are passed over with a warning.
    groups : pd.Series [index: track]
        The group of each track.
    val : float in (0, 1)
        Share of the validation tracks among those to train on, if they are drawn.
    seed : int
        Seed of that draw.

    Returns
    -------
    dict
        The tracks of each split that the corpus has.

    Raises
    ------
    InputError
        If a track is in two lists, if the corpus has no training track of a genre, or if there
        are too few groups to draw validation tracks.
    """
    found = {
        name: set(names.find_all(lists.get(name, []), where=f"split: the {name} list").values())
        for name in SPLITS
    }
    for one, other in (("train", "val"), ("train", "test"), ("val", "test")):
        both = sorted(found[one] & found[other])
        if both:
            raise InputError(f"split: {both[0]} is listed in both {one} and {other}")
    _warn_of_the_rest(genres, set().union(*found.values()))
    if "val" not in lists and found["train"]:
        rest = genres.index[genres.index.isin(found["train"])]
        found["val"] = set(_draw_groups(genres[rest], groups[rest], share=val, seed=seed))
        found["train"] -= found["val"]
        log.warning(
            "split: there is no val list: %d of the %d tracks of the train list are drawn for it "
            "(split.val: %g), groups on one side",
            *(len(found["val"]), len(rest), val),
        )
    return _checked(genres, found["train"], found["val"], found["test"])


def _warn_of_the_rest(genres: pd.Series, used: set[str]) -> None:
    """Say how many tracks are in no list, and which genres are not in any."""
    known = genres.index.isin(used)
    lost = sorted(set(genres) - set(genres[known]))
    if not known.all():
        log.warning(
            "split: %d of the %d tracks are in no list, and not used%s",
            *((~known).sum(), len(genres), f": all of {', '.join(lost)}" if lost else ""),
        )


def _folds(genres: pd.Series, groups: pd.Series, folds: int, seed: int) -> Iterator[np.ndarray]:
    """The positions of each fold's tracks."""
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    try:
        with warnings.catch_warnings():
            # Genres with fewer tracks than folds: `_checked` says where that matters.
            warnings.simplefilter("ignore", UserWarning)
            for _, members in splitter.split(genres, genres, groups):
                yield members
    except ValueError as error:
        raise InputError(
            f"split: {len(genres)} tracks cannot make {folds} folds: {error}"
        ) from error


def _draw_groups(genres: pd.Series, groups: pd.Series, *, share: float, seed: int) -> pd.Index:
    """Draw whole groups that hold about a share of each genre: the best of some draws.

    Of each genre something is left to train on: the only group of a genre is never drawn.
    """
    single = genres.map(groups.groupby(genres).nunique()) == 1
    free = genres.index[~groups.isin(set(groups[single]))]
    members = int(genres[free].value_counts().max()) if len(free) else 0
    most = min(MOST_FOLDS, members, groups[free].nunique())
    # So many of so many folds are the share, or nearest to it.
    folds, joined = min(
        ((n, min(n - 1, max(1, round(share * n)))) for n in range(2, most + 1)),
        key=lambda pair: (abs(pair[1] / pair[0] - share), pair[0]),
        default=(0, 0),
    )
    if not folds:
        raise InputError(
            f"split: {len(genres)} tracks of {groups.nunique()} groups are too few to keep groups "
            "on one side: add tracks, or choose another scheme"
        )
    wanted = genres.value_counts() * share
    perfect = float(((wanted.round() - wanted) ** 2).sum())
    best, least = genres.index[:0], math.inf
    for draw in range(DRAWS):
        parts = list(_folds(genres[free], groups[free], folds, seed + draw))
        for first in range(folds):
            chosen = [parts[(first + k) % folds] for k in range(joined)]
            tracks = free[np.sort(np.concatenate(chosen))]
            if genres.drop(tracks).nunique() < genres.nunique():
                continue
            counts = genres[tracks].value_counts().reindex(wanted.index, fill_value=0)
            excess = float(((counts - wanted) ** 2).sum())
            if excess < least:
                best, least = tracks, excess
            if least <= perfect:
                return best
    return best


def _checked(
    genres: pd.Series, train: Iterable[str], val: Iterable[str], test: Iterable[str]
) -> dict[str, list[str]]:
    """A split in the order of the corpus, if it can be learned from."""
    members = {"train": set(train), "val": set(val), "test": set(test)}
    split = {name: [track for track in genres.index if track in members[name]] for name in SPLITS}
    everything = set(genres[[track for tracks in split.values() for track in tracks]])
    for name, tracks in split.items():
        missing = ", ".join(sorted(everything - set(genres[tracks])))
        if not tracks or (missing and name == "train"):
            raise InputError(
                f"split: no {name} track of {missing or 'any genre'}: add tracks, or choose "
                "another scheme or other shares"
            )
        if missing:
            log.warning("no %s track of %s", name, missing)
    return split
