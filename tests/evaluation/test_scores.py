import itertools

import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.evaluation import scores as evaluation
from genre.evaluation.failures import consensus
from genre.evaluation.predictions import (
    labels_of,
    make_table,
    predicted,
    read_predictions,
    write_predictions,
)
from genre.evaluation.significance import compare
from genre.models.baselines import fit_and_predict
from genre.models.variants import BASELINES
from genre.reporting import figures
from genre.reporting.study import comparability, is_gtzan

# True genre, predicted genre, tracks.
COUNTS = [("blues", "blues", 8), ("blues", "jazz", 2), ("jazz", "jazz", 5), ("jazz", "pop", 5)]


@pytest.fixture
def table() -> pd.DataFrame:
    """Predictions with known scores; nobody is taken for what pop is, which is always wrong."""
    pairs = [(t, p) for t, p, n in [*COUNTS, ("pop", "blues", 4)] for _ in range(n)]
    tracks = [f"{true}.{k:05d}" for k, (true, _) in enumerate(pairs)]
    genres = pd.Series([true for true, _ in pairs], index=pd.Index(tracks, name="track"))
    classes = ["blues", "jazz", "pop"]
    softmax = np.array([[0.8 if c == p else 0.1 for c in classes] for _, p in pairs])
    split = pd.Series("test", index=genres.index)
    return make_table(genres, split, softmax)


def test_known_predictions_have_the_known_scores(table):
    # Precision: blues 8/12, jazz 5/7, pop 0/5. Recall: 8/10, 5/10, 0/4.
    precision, recall = [8 / 12, 5 / 7, 0.0], [0.8, 0.5, 0.0]
    f1 = [2 * 8 / 22, 2 * 5 / 17, 0.0]
    # 13 of 24 right; all say .8 for their genre and .1 for the others, where the first comes first.
    expected = {
        "accuracy": 13 / 24,
        "precision": np.mean(precision),
        "recall": np.mean(recall),
        "f1": np.mean(f1),
        "mcc": (13 * 24 - (12 * 10 + 7 * 10 + 5 * 4)) / np.sqrt((576 - 218) * (576 - 216)),
        "top2": 15 / 24,
        "top3": 1.0,
        "log_loss": -(13 * np.log(0.8) + 11 * np.log(0.1)) / 24,
        "brier": (13 * (0.2**2 + 2 * 0.1**2) + 11 * (0.9**2 + 0.8**2 + 0.1**2)) / 24,
        "ece": 0.8 - 13 / 24,
    }
    assert evaluation.overall(table) == pytest.approx(expected, abs=1e-6)
    classes = evaluation.by_class(table)
    assert list(classes.index) == ["blues", "jazz", "pop"]
    np.testing.assert_allclose(classes["precision"], precision)
    np.testing.assert_allclose(classes["recall"], recall)
    np.testing.assert_allclose(classes["f1"], f1)
    assert list(classes["tracks"]) == [10, 10, 4]
    counts = evaluation.confusion(table)
    for true, guess, n in [*COUNTS, ("pop", "blues", 4), ("pop", "pop", 0)]:
        assert counts.loc[true, guess] == n


def test_calibration_sets_confidence_against_accuracy():
    index = pd.Index([f"{genre}.{k:05d}" for k, genre in enumerate(["a", "b", "a", "b"])])
    genres = pd.Series(["a", "b", "a", "b"], index=index)
    split = pd.Series("test", index=index)
    softmax = np.array([[0.95, 0.05], [0.09, 0.91], [0.35, 0.65], [1.0, 0.0]])
    predictions = make_table(genres, split, softmax)
    bins = evaluation.calibration(predictions)
    assert list(bins.index) == [6, 9]
    np.testing.assert_allclose(bins["confidence"], [0.65, (0.95 + 0.91 + 1.0) / 3])
    np.testing.assert_allclose(bins["accuracy"], [0.0, 2 / 3])
    assert list(bins["tracks"]) == [1, 3]
    ece = (0.65 + 3 * (2.86 / 3 - 2 / 3)) / 4
    assert evaluation.overall(predictions)["ece"] == pytest.approx(ece, abs=1e-6)


def test_what_all_models_get_wrong_comes_first():
    index = pd.Index(["a.0", "a.1", "b.0", "b.1"], name="track")
    genres = pd.Series(["a", "a", "b", "c"], index=index)
    split = pd.Series("test", index=index)
    softmax = [
        [[0.8, 0.1, 0.1], [0.0, 0.9, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]],
        [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.5, 0.3], [0.2, 0.7, 0.1]],
        [[0.8, 0.1, 0.1], [0.2, 0.1, 0.7], [0.2, 0.2, 0.6], [0.2, 0.7, 0.1]],
    ]
    tests = {str(k): make_table(genres, split, np.array(rows)) for k, rows in enumerate(softmax)}
    found = consensus(tests)
    assert list(found.index) == ["a.1", "b.1", "b.0", "a.0"]
    assert list(found["predicted"]) == ["b", "b", "b", "a"]
    np.testing.assert_allclose(found["confidence"], [1.7 / 3, 1.7 / 3, 1.4 / 3, 0.8])
    assert list(found["wrong"]) == [3, 3, 1, 0]
    assert list(found["shared"].fillna("")) == ["b", "b", "c", ""]
    assert list(found["agree"]) == [2, 2, 1, 0]


def test_baselines_learn_from_what_they_are_given_only():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [100, 60, 40])
    features = rng.normal(size=(200, 5))
    features[:, 2] += 6 * labels
    known = np.arange(200) % 4 != 0
    scores = {}
    for name in BASELINES:
        probabilities = fit_and_predict(name, features, labels, known, seed=1)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
        scores[name] = (probabilities.argmax(axis=1) == labels)[~known].mean()
        shuffled = np.where(known, labels, rng.permutation(labels))
        other = fit_and_predict(name, features, shuffled, known, seed=1)
        np.testing.assert_array_equal(other, probabilities)
    assert scores["baseline-majority"] == 0.5
    assert min(scores["baseline-logistic"], scores["baseline-boosting"]) > 0.95


def test_the_studys_figures_stand_beside_those_of_its_own_split_only():
    tracks = pd.Index(["blues.00000", "rock.00099"])
    assert is_gtzan("folder", tracks)
    assert not is_gtzan("demo", tracks)
    assert not is_gtzan("folder", pd.Index(["blues.00000", "my-song"]))
    sizes = {"train": 719, "val": 80, "test": 200}
    assert comparability("stratified", 23, sizes).startswith("The split is the study's")
    assert comparability("dataset", 1, sizes).startswith("The split is the study's")
    for scheme, seed, count in (
        ("stratified", 24, 200),
        ("grouped", 23, 200),
        ("stratified", 23, 20),
    ):
        said = comparability(scheme, seed, {**sizes, "test": count})
        assert said.startswith("The study's figures are not comparable")
        assert f"{scheme}, seed {seed}, with 719 train, 80 val, {count} test tracks" in said


def test_a_table_is_read_as_it_was_written(tmp_path, table):
    write_predictions(table, tmp_path / "a.csv")
    read = read_predictions(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(read, table)
    assert (predicted(read)[read["genre"] == "pop"] == "blues").all()
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="b.csv: not a table of predictions"):
        read_predictions(tmp_path / "b.csv")


def test_classes_are_in_alphabetical_order():
    genres = pd.Series(["rock", "blues", "jazz", "rock"])
    assert list(labels_of(genres)) == [2, 0, 1, 2]


def test_figures_are_drawn_and_drawn_the_same_twice(tmp_path, table):
    models = ["cnn-1.0", "cnn-1.1", "rnn-1.0", "hybrid-2.0", "ensemble-3.1"]
    scores = pd.DataFrame({model: evaluation.overall(table) for model in models}).T
    scores = scores.assign(accuracy_low=0.4, accuracy_high=0.7)
    f1 = pd.DataFrame({model: evaluation.by_class(table)["f1"] for model in models}).T
    curve = pd.DataFrame(
        {"epoch": [1, 2], "loss": [2, 1], "accuracy": [0.1, 0.5], "val_loss": [2, 1.5]}
    ).assign(val_accuracy=[0.1, 0.4])
    right = pd.DataFrame({model: predicted(table) == table["genre"] for model in models})
    drawings = {
        "ranking": lambda: figures.ranking(scores, [models[:3]], subtitle="24 test tracks"),
        "radar": lambda: figures.radar(figures.families(scores), subtitle="24 test tracks"),
        "confusion": lambda: figures.confusions(
            {model: evaluation.confusion(table) for model in models}, subtitle="24 test tracks"
        ),
        "genres": lambda: figures.class_scores(f1, subtitle="24 test tracks"),
        "pairs": lambda: figures.pair_map(
            compare(right, itertools.combinations(models, 2)), models, subtitle="24 test tracks"
        ),
        "reliability": lambda: figures.reliability(
            {model: evaluation.calibration(table) for model in models}, subtitle="24 test tracks"
        ),
        "curves": lambda: figures.curves(dict.fromkeys(models, curve)),
    }
    for name, drawing in drawings.items():
        first, second = tmp_path / f"{name}1.png", tmp_path / f"{name}2.png"
        figures.save_figure(drawing(), first)
        figures.save_figure(drawing(), second)
        assert first.read_bytes() == second.read_bytes()
        assert len(first.read_bytes()) > 5_000
