"""The split of a corpus with GTZAN's names, and what is said of its lists and groups."""

import json
from pathlib import Path

import pandas as pd
import pytest

from genre.corpus.tracks import write_tracks
from genre.splitting.groups import gtzan_artists
from tests.conftest import run_here, run_stage, write_params

EMPTY = "track,group\n"


def split(
    folder: Path,
    genres: pd.Series,
    changes: dict[str, object],
    groups: str = EMPTY,
    of_the_corpus: dict[str, str] | None = None,
) -> tuple[dict, dict, str]:
    """The split, its report, and what was said, of a corpus of pictures only."""
    (folder / "data").mkdir()
    rows = [
        {"track": track, "genre": genre, "source": f"{genre}/{track}.png", "reason": ""}
        for track, genre in genres.items()
    ]
    for row in rows if of_the_corpus else []:
        row["group"] = of_the_corpus[row["track"]]
    write_tracks(rows, folder / "data/tracks.csv")
    (folder / "data/duplicates.csv").write_text("track,other,kind,offset,bit_error_rate\n")
    (folder / "groups.csv").write_text(groups)
    settings = {"data.source": "folder", "split.groups": "groups.csv", "split.path": "lists"}
    write_params(folder, settings | changes)
    done = run_here(folder, "split", https_proxy="http://localhost:9")
    assert done.returncode == 0, done.stderr
    read = [json.loads((folder / p).read_text()) for p in ("data/split.json", "metrics/split.json")]
    return *read, done.stderr


def shared(report: dict) -> list[int]:
    pairs = ("train_and_val", "train_and_test", "val_and_test")
    return [report["groups"][f"shared_by_{pair}"] for pair in pairs]


def test_gtzan_is_split_by_the_fault_filtered_lists_as_it_is(tmp_path, gtzan_genres):
    found, report, said = split(tmp_path, gtzan_genres, {"split.scheme": "fault-filtered"})
    assert [len(found[side]) for side in ("train", "val", "test")] == [442, 197, 290]
    assert report["in_no_split"] == 70
    assert report["groups"]["from"] == "artists of GTZAN, by Sturm's index"
    assert shared(report) == [0, 0, 0]
    assert report["duplicates"]["across_sides"] == "not looked for"
    assert "duplicates on two sides: not looked for" in said
    assert "1 of 443 names are of no track of the corpus that can be used" in said


def test_gtzan_is_split_by_its_artists_as_it_is(tmp_path, gtzan_genres):
    genres = gtzan_genres.groupby(gtzan_genres).tail(30)
    _, report, said = split(tmp_path, genres, {"split.scheme": "grouped", "split.val": 0.2})
    known = sum(genres.index.isin(gtzan_artists().index))
    assert 200 < known < 300
    assert report["groups"]["tracks_with_a_group"] == known
    assert report["groups"]["tracks_without_a_group"] == 300 - known
    assert shared(report) == [0, 0, 0]
    assert f"by Sturm's index: {known} tracks have one; {300 - known} have none, and each" in said


def test_groups_of_the_users_own_are_taken_instead(tmp_path, gtzan_genres):
    own = EMPTY + "".join(f"{track},{track[-2]}\n" for track in gtzan_genres.index[:200])
    _, report, said = split(tmp_path, gtzan_genres, {"split.scheme": "stratified"}, own)
    assert report["groups"]["from"] == "groups.csv"
    assert report["groups"]["tracks_with_a_group"] == 200
    assert shared(report)[1] == 10
    assert report["groups"]["test_tracks_in_those"] == 40
    assert "groups.csv: 200 tracks have one; 799 have none, and each stands for itself" in said
    for pair, count in zip(("train and val", "train and test", "val and test"), shared(report),
                           strict=True):  # fmt: skip
        assert count and f"{count} groups are in both {pair}" in said


@pytest.mark.parametrize("names", [("salsa", "ska"), ("jazz", "rock")])  # two of them GTZAN's
def test_groups_of_the_corpuss_table_are_taken_where_the_user_gives_none(tmp_path, names):
    genres = pd.Series({f"{genre}.{k:05d}": genre for genre in names for k in range(60)})
    artists = {track: str(k // 4) for k, track in enumerate(genres.index)}
    settings = {"split.scheme": "grouped", "split.val": 0.2}
    _, report, said = split(tmp_path, genres, settings, of_the_corpus=artists)
    assert report["groups"]["from"] == "the corpus's table"
    assert report["groups"]["tracks_with_a_group"] == 120
    assert shared(report) == [0, 0, 0]
    assert "the corpus's table: 120 tracks have one; 0 have none" in said


def test_the_corpuss_table_comes_before_sturms_artists(tmp_path, gtzan_genres):
    genres = gtzan_genres.groupby(gtzan_genres).tail(10)
    own = {track: track[-1] for track in genres.index}
    _, report, _ = split(tmp_path, genres, {"split.val": 0.2}, of_the_corpus=own)
    assert report["groups"]["from"] == "the corpus's table"


@pytest.mark.parametrize("other", ["the demo corpus", "a track that is not GTZAN's"])
def test_what_is_not_gtzan_does_not_get_its_artists(tmp_path, gtzan_genres, other):
    genres = gtzan_genres.groupby(gtzan_genres).head(10)
    changes = {"split.scheme": "grouped", "split.val": 0.25}
    if other == "the demo corpus":
        changes["data.source"] = "demo"
    else:
        genres["blues.my song"] = "blues"
    _, report, said = split(tmp_path, genres, changes)
    assert report["groups"]["tracks_with_a_group"] == 0
    assert report["groups"]["from"] == "groups.csv"
    assert "no track has a group: only duplicates are kept on one side; see split.groups" in said


def test_lists_without_one_for_validation(tmp_path, gtzan_genres):
    (tmp_path / "lists").mkdir()
    for k, side in enumerate(("train", "test")):
        names = [f"{g}/{t}.au\t{g}" for t, g in list(gtzan_genres.items())[k::2]]
        (tmp_path / f"lists/{side}.txt").write_text("\n".join(names))
    found, report, said = split(tmp_path, gtzan_genres, {"split.scheme": "file", "split.val": 0.2})
    assert len(found["train"]) + len(found["val"]) == 500
    assert 80 <= len(found["val"]) <= 120
    assert shared(report)[0] == 0
    assert f"split: there is no val list: {len(found['val'])} of the 500 tracks" in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"split.groups": "nothing.csv"}, "split.groups: nothing.csv cannot be read"),
        (
            {"split.groups": "bad.csv"},
            "split.groups: bad.csv must have the columns track and group",
        ),
        ({"split.scheme": "file", "split.path": "lists"}, "split.path: lists has no train and no"),
        (
            {"split.scheme": "dataset", "data.source": "folder", "data.path": "lists"},
            "split.scheme: dataset: the corpus has no indices_train.json (in lists)",
        ),
        (
            {"split.scheme": "dataset"},
            "split.scheme dataset needs lists of the corpus's own tracks",
        ),
        (
            {"data.source": "folder", "data.path": "nowhere"},
            "data.path: nowhere is not a folder; name the one that holds the music",
        ),
        (
            {"data.source": "table", "data.path": "lists", "data.table.path": "lists/none.csv"},
            "data.table.path: lists/none.csv is no file; name the csv or tsv table",
        ),
        ({}, ""),
    ],
)
def test_what_a_split_or_a_corpus_lacks_is_said_before_any_work(tmp_path, changes, sentence):
    (tmp_path / "lists").mkdir()
    (tmp_path / "bad.csv").write_text("a,b\n")
    (tmp_path / "good.csv").write_text(EMPTY)
    write_params(tmp_path, {"split.groups": "good.csv", **changes})
    done = run_stage(tmp_path, "check_params")
    assert (done.returncode != 0) == bool(sentence)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
