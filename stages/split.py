"""Decide which tracks are for training, validation and test, and say what leaks between them."""

import json
import logging
from pathlib import Path

import pandas as pd

from genre.corpus.tracks import read_tracks
from genre.params import Params
from genre.splitting import lists, schemes
from genre.splitting.groups import join_groups, read_groups
from genre.splitting.leaks import leak_report
from genre.splitting.names import Names
from genre.splitting.splits import write_split
from stages import run

log = logging.getLogger(__name__)


def make(
    genres: pd.Series, groups: pd.Series, names: Names, params: Params
) -> dict[str, list[str]]:
    """Make the split that the scheme asks for."""
    settings, seed = params.split, params.seed
    shares = {"test": settings.test, "val": settings.val}
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
            return schemes.listed(genres, lists.filtered_lists(settings.path), names)
        case "dataset":
            return schemes.listed(genres, lists.dataset_lists(Path("data/dataset")), names)
        case "file":
            return schemes.listed(genres, lists.read_lists(settings.path), names)


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    genres, names = tracks["genre"], Names(tracks)
    duplicates = pd.read_csv("data/duplicates.csv", dtype={"track": str, "other": str})
    known = read_groups(params.split.groups, names)
    pairs = duplicates[["track", "other"]].itertuples(index=False, name=None)
    groups = join_groups(genres.index, known, pairs)
    groups.to_csv("data/groups.csv", index_label="track", lineterminator="\n")
    split = make(genres, groups, names, params)
    scheme = params.split.scheme
    write_split(split, Path("data/split.json"), scheme=scheme, seed=params.seed)
    leaks = leak_report(genres, split, known, duplicates)
    Path("metrics").mkdir(exist_ok=True)
    report = json.dumps({"scheme": scheme, **leaks}, indent=1)
    Path("metrics/split.json").write_text(report + "\n")
    shared, across = leaks["groups"]["test_tracks_in_those"], leaks["duplicates"]["across_sides"]
    if shared:
        log.warning("%d of %d test tracks share a group with training", shared, len(split["test"]))
    if across:
        log.warning("%d duplicates are on two sides", across)
    counts = ", ".join(f"{len(members)} {name}" for name, members in split.items())
    return f"{scheme} split: {counts} tracks"


if __name__ == "__main__":
    run(main)
