import numpy as np
import pandas as pd
from scipy.stats import binom
from sklearn.metrics import precision_recall_fscore_support

from genre.evaluation.significance import METRICS, compare, intervals

CLASSES = list("abcdefghij")


def table(true: np.ndarray, guessed: np.ndarray) -> pd.DataFrame:
    """Predictions of test tracks whose true and predicted classes are these."""
    index = pd.Index([f"{CLASSES[t]}.{k:05d}" for k, t in enumerate(true)], name="track")
    softmax = pd.DataFrame(np.eye(10)[guessed], index=index, columns=CLASSES)
    softmax.insert(0, "split", "test")
    softmax.insert(1, "genre", [CLASSES[t] for t in true])
    return softmax


def drawn(rng: np.random.Generator, *, together: int) -> tuple[pd.DataFrame, pd.Series]:
    """200 tracks, 20 a class, of which a model is right about 70 %; groups share their fate."""
    true = np.repeat(np.arange(10), 20)
    group = np.arange(200) // together
    right = (rng.random(200 // together) < 0.7)[group]
    other = (true + rng.integers(1, 10, 200)) % 10
    predictions = table(true, np.where(right, true, other))
    return predictions, pd.Series(group, index=predictions.index)


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(5)
    held = []
    for _ in range(100):
        predictions, groups = drawn(rng, together=1)
        found = intervals(predictions, groups, rng)
        held.append((found["low"] <= 0.7) & (found["high"] >= 0.7))
    share = pd.DataFrame(held).mean()
    # All four scores are .7 in truth. The scores that divide by what was predicted lean a bit.
    assert 0.91 <= share["accuracy"] <= 0.99
    assert (share > 0.88).all()


def test_tracks_that_are_right_together_are_drawn_together():
    rng = np.random.default_rng(6)
    by_group, by_track = [], []
    for _ in range(60):
        predictions, groups = drawn(rng, together=5)
        for held, known in ((by_group, groups), (by_track, groups * 0 + np.arange(200))):
            low, high = intervals(predictions, known, rng).loc["accuracy"]
            held.append(low <= 0.7 <= high)
    assert np.mean(by_group) > 0.88
    assert np.mean(by_track) < 0.75


def test_the_interval_of_an_accuracy_is_the_binomial_one():
    predictions, groups = drawn(np.random.default_rng(7), together=1)
    accuracy = (predictions[CLASSES].idxmax(axis=1) == predictions["genre"]).mean()
    found = intervals(predictions, groups, np.random.default_rng(0))
    assert list(found.index) == list(METRICS)
    np.testing.assert_allclose(
        found.loc["accuracy"], binom.ppf([0.025, 0.975], 200, accuracy) / 200, atol=0.0051
    )
    again = intervals(predictions, groups, np.random.default_rng(0))
    pd.testing.assert_frame_equal(found, again)


def test_the_intervals_are_those_of_scikit_learns_scores_of_explicit_draws():
    """Where precision, recall and F1 are far apart, and a genre has few tracks."""
    true = np.repeat([0, 1, 2], [70, 20, 10])
    guessed = true.copy()
    guessed[:30], guessed[70:74], guessed[99] = 1, 2, 0
    predictions = table(true, guessed)
    own = pd.Series(np.arange(100), index=predictions.index)
    found = intervals(predictions, own, np.random.default_rng(0))

    rng, scores = np.random.default_rng(1), []
    for _ in range(1500):
        drawn = rng.integers(100, size=100)
        present = np.unique(true[drawn])
        macro = precision_recall_fscore_support(
            true[drawn], guessed[drawn], labels=present, average="macro", zero_division=0
        )
        scores.append([(true[drawn] == guessed[drawn]).mean(), *macro[:3]])
    expected = np.quantile(scores, [0.025, 0.975], axis=0).T
    np.testing.assert_allclose(found, expected, atol=0.02)
    assert np.ptp(expected.mean(axis=1)) > 0.08


def test_of_one_group_nothing_is_known():
    predictions, groups = drawn(np.random.default_rng(8), together=1)
    found = intervals(predictions, groups * 0, np.random.default_rng(0))
    assert (found["low"] == 0.0).all()
    assert (found["high"] == 1.0).all()


def judged(only_one: int, only_other: int) -> tuple[list[bool], list[bool]]:
    """Two models on 30 tracks, of which each has some right that the other has not."""
    both = 30 - only_one - only_other
    one = [True] * only_one + [False] * only_other + [True] * both
    other = [False] * only_one + [True] * only_other + [True] * both
    return one, other


def test_pairs_have_the_p_values_of_the_binomial_table():
    counts = {"a": (0, 8), "b": (1, 9), "c": (3, 5), "d": (0, 0)}
    right = {}
    for name, pair in counts.items():
        right[name], right[f"{name}2"] = judged(*pair)
    found = compare(pd.DataFrame(right), [(name, f"{name}2") for name in counts])
    # Twice the sum of the lower tail: 1 of 2^8, 11 of 2^10, 93 of 2^8.
    p = [2 / 256, 22 / 1024, 186 / 256, 1.0]
    np.testing.assert_allclose(found["p"], p)
    np.testing.assert_allclose(found["p_holm"], [4 * p[0], 3 * p[1], 1.0, 1.0])
    assert list(zip(found["only_model"], found["only_other"], strict=True)) == list(counts.values())
