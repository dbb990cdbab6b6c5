"""Corpora that are not GTZAN, by names and layout, from their files to the tables of scores."""

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.corpus.layout import canonical_genre
from genre.corpus.tracks import audio_file, groups_of, read_all_tracks, read_tracks
from genre.evaluation.predictions import (
    classes_of,
    make_table,
    predicted,
    read_predictions,
    write_predictions,
)
from genre.models.names import BASELINES
from genre.models.variants import MODELS
from genre.reporting.comparison import Comparison
from genre.splitting.splits import read_split
from tests.conftest import SR, run_all_here, run_stage, write_audio, write_params

# What a tool, a file system or a table may take for something else; in three alphabets.
TWELVE = ["None", "genre", "track", "split", "1980", "drum & bass", "Hip-Hop", "jazz.", "Música",
          "Шансон", "רוק", "民謡"]  # fmt: skip
PLACES = (
    "{}.wav",
    "An Artist/{:02d} - Song.wav",
    "B/Live (1980)/NA {}.wav",
    "c/Nr. {}.wav",
    "nan.{}.wav",
)


def write_noise(path: Path, number: int) -> None:
    samples = np.random.default_rng(number).normal(0.0, 0.1, int(0.7 * SR))
    write_audio(path, samples.astype("f4"))


def write_folders(folder: Path, genres: list[str], each: int) -> dict[str, object]:
    for number, genre in enumerate(genres):
        for k in range(each):
            place = PLACES[k % len(PLACES)].format(k)
            write_noise(folder / "corpus/Library" / genre / place, 100 * number + k)
    (folder / "corpus/Library" / genres[0] / "cover.jpg").touch()
    return {"data.source": "folder", "data.path": "corpus"}


def write_hashed(folder: Path, genres: list[str], each: int) -> dict[str, object]:
    """A tree like FMA's, with a table that numbers the files, three an artist."""
    rows = [("track_id", "artist", "top genre")]
    for number, genre in enumerate(genres):
        for k in range(each):
            track = 997 + 4 * number + 17 * k
            write_noise(folder / f"corpus/{track // 1000:03d}/{track:06d}.wav", track)
            rows.append((str(track), f"{genre}{1990 + k // 3}" if k else "", genre))
    (folder / "corpus/000/checksums").touch()
    with (folder / "tracks.tsv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    return {
        "data.source": "table", "data.path": "corpus", "data.table.path": "tracks.tsv",
        "data.table.file": "track_id", "data.table.genre": "top genre",
        "data.table.group": "artist",
    }  # fmt: skip


CORPORA = {
    "two genres": (write_folders, ["R&B", "NA"], 7),
    "twelve genres in three alphabets": (write_folders, TWELVE, 5),
    "a table with artists": (write_hashed, ["Folk/Rock", "19", "null", "other"], 9),
}


@pytest.fixture(scope="module", params=CORPORA)
def corpus(request, tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """A corpus after its tracks were taken in, split and scored; its genres by the user's names."""
    write, names, each = CORPORA[request.param]
    work = tmp_path_factory.mktemp("corpora")
    settings = write(work, names, each)
    (work / "groups.csv").write_text("track,group\n")
    write_params(work, {**settings, "data.segment": 0.5, "split.val": 0.25,
                        "split.groups": "groups.csv"})  # fmt: skip
    run_all_here(work, "download", "check_corpus", "split")
    genres, split = (
        read_tracks(work / "data/tracks.csv")["genre"],
        read_split(work / "data/split.json"),
    )
    rng = np.random.default_rng(1)
    for model in (*MODELS, *BASELINES):
        softmax = rng.dirichlet(np.ones(len(names)), len(genres)).round(6)
        table = make_table(genres, split, softmax)
        write_predictions(table, work / f"data/predictions/{model}.csv")
    run_all_here(work, "ensembles", "evaluate")
    return work, {name: canonical_genre(name) for name in names}


def test_every_track_is_taken_in_under_its_genre(corpus):
    work, genres = corpus
    tracks = read_all_tracks(work / "data/tracks.csv")
    assert tracks["reason"].isna().all()
    assert set(tracks["genre"]) == set(genres.values())
    assert tracks["track"].is_unique
    files = {audio_file(work / "data/audio", row.track, row.genre) for row in tracks.itertuples()}
    assert files == set((work / "data/audio").glob("*/*.wav"))
    (counts,) = set(Counter(tracks["genre"]).values())
    assert len(tracks) == counts * len(genres)


def test_what_is_no_track_is_counted(corpus):
    work, genres = corpus
    report = json.loads((work / "metrics/corpus.json").read_text())
    assert set(report["genres"]) == set(genres.values())
    (reason,) = report["not_used"]
    assert reason in ("other ending: .jpg", "other ending: none")
    assert len((work / "data/not_used.csv").read_text().splitlines()) == 2


def test_every_genre_is_on_every_side(corpus):
    work, genres = corpus
    found = read_tracks(work / "data/tracks.csv")["genre"]
    split = read_split(work / "data/split.json")
    assert set(split.index) == set(found.index)
    for side in ("train", "val", "test"):
        assert set(found[split.index[split == side]]) == set(genres.values())
    groups = pd.read_csv(work / "data/groups.csv", dtype=str, keep_default_na=False)
    assert list(groups["track"]) == list(found.index)


def test_predictions_and_scores_are_of_these_genres(corpus):
    work, genres = corpus
    found = read_tracks(work / "data/tracks.csv")["genre"]
    for model in ("hybrid-2.0", "ensemble-3.2"):
        table = read_predictions(work / f"data/predictions/{model}.csv")
        assert list(table.index) == list(found.index)
        assert list(table["genre"]) == list(found)
        assert set(predicted(table)) <= set(genres.values())
    tables = Comparison.read(work / "data/comparison", work / "plots/curves")
    classes = classes_of(found)
    for counts in tables.confusions.values():
        assert list(counts.index) == list(counts.columns) == classes
    assert list(tables.class_f1.columns) == classes
    test = found[read_split(work / "data/split.json")[found.index] == "test"]
    assert dict(tables.failures["genre"][test.index]) == dict(test)
    assert set(tables.failures["predicted"]) | set(tables.failures["shared"].dropna()) <= set(
        classes
    )
    truth = sum(counts.sum(axis=1) for counts in tables.confusions.values())
    assert dict(truth) == {name: len(tables.confusions) * n for name, n in Counter(test).items()}


def test_a_tables_artists_are_in_the_table_of_tracks(corpus):
    work, genres = corpus
    tracks = read_tracks(work / "data/tracks.csv")
    groups = groups_of(tracks)
    if "Folk/Rock" not in genres:
        assert groups.empty
        return
    assert len(groups) == len(tracks) - len(genres)
    assert set(groups[tracks["genre"] == "19"]) == {"191990", "191991", "191992"}


def test_one_genre_is_refused_before_any_work(tmp_path):
    write_folders(tmp_path, ["rock"], 2)
    write_params(tmp_path, {"data.source": "folder", "data.path": "corpus"})
    done = run_stage(tmp_path, "download")
    assert done.returncode == 1
    assert "ERROR: corpus: two genres are the fewest that can be told apart" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data/audio").exists()


def test_names_that_are_not_utf8_are_named_before_dvc_reads_them(tmp_path):
    write_folders(tmp_path, ["rock", "pop"], 1)
    (Path(f"{tmp_path}/corpus/Library/pop") / "\udcfc.wav").touch()
    (tmp_path / "groups.csv").write_text("track,group\n")
    settings = {"data.source": "folder", "data.path": "corpus", "split.groups": "groups.csv"}
    write_params(tmp_path, settings)
    done = run_stage(tmp_path, "check_params")
    assert done.returncode == 1
    assert r"data.path: DVC cannot read 1 files in corpus: its name is not" in done.stderr
    assert r"Library/pop/\xfc.wav; rename them" in done.stderr


def test_a_genre_that_is_corrected_in_the_table_is_corrected_in_the_tracks(tmp_path):
    write_params(tmp_path, {**write_hashed(tmp_path, ["a", "b"], 3), "data.segment": 0.5})
    table = tmp_path / "tracks.tsv"
    for last in ("b", "b.c"):
        table.write_text(table.read_text().replace("\tb", f"\t{last}"))
        run_all_here(tmp_path, "download")
        assert set(read_tracks(tmp_path / "data/tracks.csv")["genre"]) == {"a", last}
        assert {path.name for path in (tmp_path / "data/audio").glob("*/")} == {"a", last}


def test_lists_above_the_folder_of_the_genres_come_along(tmp_path):
    write_params(tmp_path, {**write_folders(tmp_path, ["a", "b"], 3), "data.segment": 0.5})
    for name in ("train", "val", "test"):
        (tmp_path / f"corpus/indices_{name}.json").write_text("[]")
    run_all_here(tmp_path, "download")
    assert len(list((tmp_path / "data/dataset").glob("indices_*.json"))) == 3
