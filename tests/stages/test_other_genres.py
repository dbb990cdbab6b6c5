"""A corpus that is not GTZAN, from its folder through all models to the report."""

import json
import re
import shutil

import pandas as pd
import pytest

from genre.corpus.demo.performance import make_track
from genre.models.names import BASELINES
from genre.models.variants import CNNS, MODELS, RNNS
from genre.randomness import generator
from tests.conftest import SR, run_all_here, write_audio
from tests.project import SMALL
from tests.stages.test_independence import STAGES, prepared, run_with

GENRES = {"ambient": "classical", "dub": "reggae", "techno": "disco"}  # and what they are made of
FILES = (
    "data/predictions/{}.csv", "models/{}.keras", "plots/curves/{}.csv", "metrics/runtime/{}.json"
)  # fmt: skip
NAMES = ("Take {}", "{:02d} - Untitled", "fma{:06d}", "Nr. {}")


def options(variant: dict[str, str]) -> str:
    return " ".join(f"--{option} {value}" for option, value in variant.items())


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    folder = tmp_path_factory.mktemp("other")
    for genre, style in GENRES.items():
        for k in range(8):
            samples = make_track(style, generator(k, genre), duration=3.2, sr=SR, borrow=0.0)
            write_audio(folder / f"corpus/{genre}/{NAMES[k % 4].format(k)}.wav", samples)
    sizes = {"cnn.size.framed": [16, 24], "cnn.size.cropped": [16, 24]}
    training = {
        "learning_rate": 1e-3,
        "schedule": "constant",
        "batch_size": 16,
        "epochs": 1,
        "patience": None,
    }
    changes = {name: training for name in SMALL if ".training." in name}
    work = prepared(folder / "work", folder / "corpus", {**changes, **sizes, "hybrid": training})
    run_all_here(work, *STAGES)
    # A process decides once what its cores share, and the improved CNN decides otherwise.
    run_with({}, work, [f"train_cnn 1.4 {options(CNNS['1.4'])}"])
    run_with({}, work, [
        f"train_cnn 0.0 {options(CNNS['0.0'])}",
        *(f"train_rnn {name} {options(RNNS[name])}" for name in ("0.0", "1.2")),
        "train_hybrid", "ensembles", "baselines",
    ])  # fmt: skip
    for kind, variants, trained in (("cnn", CNNS, "1.4"), ("rnn", RNNS, "1.2")):
        for name in variants:  # the others of a kind stand in for each other
            for file in FILES:
                target = work / file.format(f"{kind}-{name}")
                if not target.exists():
                    shutil.copy(work / file.format(f"{kind}-{trained}"), target)
    run_with({}, work, ["evaluate", "robustness", "explain", "draw", "report"])
    return work


def test_every_model_gives_probabilities_of_these_genres(work):
    for model in (*MODELS, *BASELINES):
        table = pd.read_csv(work / f"data/predictions/{model}.csv")
        assert list(table.columns) == ["track", "split", "genre", *GENRES]
        assert len(table) == 24
        assert table[list(GENRES)].sum(axis=1).between(0.999, 1.001).all()
    # They are those of these tracks: the linear model knows the tracks that it was fitted on.
    table = pd.read_csv(work / "data/predictions/baseline-logistic.csv")
    known = table[table["split"] != "test"]
    assert (known[list(GENRES)].idxmax(axis=1) == known["genre"]).mean() > 0.9
    sides = table["split"].value_counts()
    assert dict(sides) == {"train": 14, "val": 5, "test": 5}


def test_scores_and_tables_are_of_these_genres(work):
    for model in MODELS:
        scores = json.loads((work / f"metrics/models/{model}.json").read_text())
        assert scores["tracks"] == 5
        assert scores["top3"] == 1.0
        assert scores["accuracy"] <= scores["top2"] <= 1.0
    confusion = pd.read_csv(work / "data/comparison/confusion.csv")
    assert list(confusion.columns) == ["model", "genre", *GENRES]
    assert confusion[list(GENRES)].to_numpy().sum() == 5 * len([*MODELS, *BASELINES])


def test_the_report_is_about_these_genres(work):
    text = (work / "plots/report.html").read_text()
    assert "24 tracks in 3 genres (source: folder)" in text
    for genre in GENRES:
        assert re.search(rf"<td>{genre}</td><td>\d+</td>", text)
    assert "study: accuracy" not in text
    assert not re.search("blues|hiphop", text)
    for genre in GENRES:  # in the legend of a map
        assert f">{genre}</text>" in text[text.index('<section id="maps">') :]
    shown = pd.read_csv(work / "data/comparison/failures.csv")
    for track in shown[shown["genre"] != shown["predicted"]]["track"]:
        assert track in text


def test_what_is_shuffled_and_laid_out_is_what_the_models_read(work):
    lost = pd.read_csv(work / "data/explanation/importance.csv", index_col=["model", "group"])
    assert set(lost.index.unique("model")) == {"hybrid-2.0", *BASELINES[1:]}
    # The baselines read nothing else: without features they guess.
    assert lost["lost"]["baseline-svm", "all features"] > 0.3
    table = pd.read_csv(work / "data/explanation/map.csv")
    said = pd.read_csv(work / "data/predictions/cnn-1.4.csv")
    for column in ("track", "split", "genre"):
        assert list(table[column]) == list(said[column])
    assert list(table["predicted"]) == list(said[list(GENRES)].idxmax(axis=1))
