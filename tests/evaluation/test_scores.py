import numpy as np
import pandas as pd
import pytest

from genre.evaluation import scores as evaluation
from genre.evaluation.predictions import (
    make_table,
)
from tests.evaluation.conftest import COUNTS


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


def test_top_scores_count_so_many_genres():
    index = pd.Index([f"a.{k}" for k in range(5)])
    genres = pd.Series(list("abcde"), index=index)
    softmax = np.tile([0.4, 0.3, 0.15, 0.1, 0.05], (5, 1))  # each genre is one place further down
    found = evaluation.overall(make_table(genres, pd.Series("test", index=index), softmax))
    assert (found["accuracy"], found["top2"], found["top3"]) == (0.2, 0.4, 0.6)


def test_top_scores_are_never_below_the_accuracy_where_probabilities_tie():
    index = pd.Index([f"a.{k}" for k in range(4)])
    genres = pd.Series(["a", "a", "b", "c"], index=index)
    table = make_table(genres, pd.Series("test", index=index), np.full((4, 3), 1 / 3))
    found = evaluation.overall(table)
    assert (found["accuracy"], found["top2"], found["top3"]) == (0.5, 0.75, 1.0)


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
