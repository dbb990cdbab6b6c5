"""Decide which tracks are for training, validation and test, and say what leaks between them."""

import functools
import itertools
import logging
from pathlib import Path
from typing import Any

import pandas as pd

from genre.corpus.layout import is_gtzan
from genre.corpus.tracks import groups_of, have_audio, read_tracks
from genre.params import Params
from genre.splitting import lists, schemes
from genre.splitting.groups import gtzan_artists, join_groups, read_groups, read_rows
from genre.splitting.leaks import leak_report
from genre.splitting.names import Names
from genre.splitting.splits import SPLITS, write_split
from stages import run, write_json

STURM = "artists of GTZAN, by Sturm's index"

log = logging.getLogger(__name__)


def find_groups(tracks: pd.DataFrame, names: Names, params: Params) -> tuple[pd.Series, str]:
    """The group of each track that has one, and where it is from."""
    file = params.split.groups
    if read_rows(file).empty:
        if not (own := groups_of(tracks)).empty:
            return own, "the corpus's table"
        if is_gtzan(params.data.source, tracks.index):
            return gtzan_artists(), STURM
    return read_groups(file, names), file.as_posix()


def make(
    genres: pd.Series, groups: pd.Series, names: Names, params: Params
) -> dict[str, list[str]]:
    """Make the split that the scheme asks for."""
    settings, seed = params.split, params.seed
    shares = {"test": settings.test, "val": settings.val}
    listed = functools.partial(
        schemes.listed, genres, names=names, groups=groups, val=settings.val, seed=seed
    )
    match settings.scheme:
        case "stratified":
            return schemes.stratified(genres, **shares, seed=seed)
        case "grouped":
            return schemes.grouped(genres, groups, **shares, seed=seed)
        case "kfold":
            return schemes.kfold(
                genres,
                groups,
                folds=settings.folds,
                fold=settings.fold,
                val=settings.val,
                seed=seed,
            )
        case "fault-filtered":
            return listed(lists.filtered_lists())
        case "dataset":
            return listed(lists.dataset_lists(Path("data/dataset")))
        case "file":
            return listed(lists.read_lists(settings.path))


def warn_of_leaks(groups: dict[str, Any], across: int | str, scheme: str) -> None:
    """Say what is on two sides, and where nothing is known that could be."""
    log.info(
        "groups: %s: %d tracks have one; %d have none, and each stands for itself",
        *(groups["from"], groups["tracks_with_a_group"], groups["tracks_without_a_group"]),
    )
    if not groups["tracks_with_a_group"] and scheme in ("grouped", "kfold"):
        log.warning("no track has a group: only duplicates are kept on one side; see split.groups")
    for one, other in itertools.combinations(SPLITS, 2):
        if shared := groups[f"shared_by_{one}_and_{other}"]:
            log.warning("%d groups are in both %s and %s", shared, one, other)
    if shared := groups["test_tracks_in_those"]:
        log.warning("%d test tracks share a group with training", shared)
    if across:
        log.warning("duplicates on two sides: %s", across)


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    genres, names, scheme = tracks["genre"], Names(tracks), params.split.scheme
    texts = {"track": str, "other": str}
    duplicates = pd.read_csv("data/duplicates.csv", dtype=texts, keep_default_na=False)
    known, origin = find_groups(tracks, names, params)
    pairs = duplicates[["track", "other"]].itertuples(index=False, name=None)
    groups = join_groups(genres.index, known, pairs)
    groups.to_csv("data/groups.csv", index_label="track", lineterminator="\n")
    split = make(genres, groups, names, params)
    write_split(split, Path("data/split.json"), scheme=scheme, seed=params.seed)
    leaks = leak_report(genres, split, known, duplicates if have_audio(tracks) else None)
    leaks["groups"] = {"from": origin, **leaks["groups"]}
    write_json({"scheme": scheme, **leaks}, Path("metrics/split.json"))
    warn_of_leaks(leaks["groups"], leaks["duplicates"]["across_sides"], scheme)
    counts = ", ".join(f"{len(members)} {name}" for name, members in split.items())
    return f"{scheme} split: {counts} tracks"


if __name__ == "__main__":
    run(main)
