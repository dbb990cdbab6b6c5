"""What models lose is counted, tested and told as by hand."""

import numpy as np
import pandas as pd
import pytest

from genre.evaluation.robustness import beyond_chance, hidden_loss, robustness, verdict
from genre.evaluation.significance import intervals

TRUE = "a" * 10 + "b" * 10 + "c" * 10
GROUPS = pd.Series(np.arange(30) // 2, index=[f"t.{k:05d}" for k in range(30)])


def predictions(said: str) -> pd.DataFrame:
    """Predictions of the 30 tracks, by one letter a track."""
    index = pd.Index(GROUPS.index, name="track")
    table = pd.DataFrame({genre: [float(s == genre) for s in said] for genre in "abc"}, index=index)
    table.insert(0, "split", "test")
    table.insert(1, "genre", list(TRUE))
    return table


# The first model has 28 right, and 8 of those no more in noise; of the two that it has wrong, it
# says something else of one, and is right about the other. The second has 10 right, and says
# nothing else when the tracks are quieter, but is right about more of them in noise.
FIRST = "a" * 10 + "b" * 10 + "c" * 8 + "aa"
NOISY_FIRST = "a" * 10 + "b" * 10 + "a" * 8 + "bc"
SECOND = "a" * 30
NOISY_SECOND = "a" * 10 + "b" * 10 + "a" * 10
CLEAN = {"cnn-1.0": predictions(FIRST), "rnn-1.1": predictions(SECOND)}
TRANSFORMED = {
    "quieter": {"cnn-1.0": predictions(FIRST), "rnn-1.1": predictions(SECOND)},
    "noise": {"cnn-1.0": predictions(NOISY_FIRST), "rnn-1.1": predictions(NOISY_SECOND)},
}


def found() -> pd.DataFrame:
    return robustness(CLEAN, TRANSFORMED, GROUPS, np.random.default_rng(0))


def test_what_is_lost_and_changed_is_counted_by_model_and_transformation():
    table = found()
    expected = {
        ("cnn-1.0", "quieter"): (28, 0.0, 0, 0, 0, 1.0),
        # 8 only without noise, 1 only with it: twice the sum of the lower tail, 10 of 2^9.
        ("cnn-1.0", "noise"): (21, 7 / 30, 10, 8, 1, 20 / 512),
        ("rnn-1.1", "quieter"): (10, 0.0, 0, 0, 0, 1.0),
        ("rnn-1.1", "noise"): (20, -10 / 30, 10, 0, 10, 2 / 1024),
    }
    assert list(table.index) == list(expected)
    assert table.index.names == ["model", "transformation"]
    for cell, (right, lost, changed, clean, noisy, p) in expected.items():
        row = table.loc[cell]
        assert row["tracks"] == 30
        assert row["accuracy"] == pytest.approx(right / 30)
        assert row["lost"] == pytest.approx(lost)
        assert row["changed"] == pytest.approx(changed / 30)
        assert (row["only_clean"], row["only_transformed"]) == (clean, noisy)
        assert row["p"] == pytest.approx(p)
    np.testing.assert_allclose(table["p_holm"], [1.0, 3 * 20 / 512, 1.0, 4 * 2 / 1024])


def test_intervals_are_those_of_the_transformed_tracks_whatever_else_is_compared():
    rng = np.random.default_rng(0)
    table = robustness(CLEAN, TRANSFORMED, GROUPS, rng)
    assert rng.random() == np.random.default_rng(0).random(), "each draws from a copy"
    limits = intervals(predictions(NOISY_SECOND), GROUPS, np.random.default_rng(0)).loc["accuracy"]
    np.testing.assert_array_equal(
        table.loc[("rnn-1.1", "noise"), ["accuracy_low", "accuracy_high"]], limits
    )
    assert limits["low"] < 20 / 30 < limits["high"]


def test_tracks_need_not_be_in_the_same_order():
    shuffled = {
        name: {model: table.sample(frac=1, random_state=1) for model, table in tables.items()}
        for name, tables in TRANSFORMED.items()
    }
    again = robustness(CLEAN, shuffled, GROUPS, np.random.default_rng(0))
    columns = ["accuracy", "lost", "changed", "only_clean", "only_transformed", "p"]
    pd.testing.assert_frame_equal(again[columns], found()[columns])


def test_who_gains_beyond_chance_loses_nothing():
    table = found()
    assert table.loc[("rnn-1.1", "noise"), "p_holm"] < 0.05
    assert not beyond_chance(table).any()
    assert verdict(table) == (
        "None of the 2 models is shown to hear something else than music: none loses accuracy "
        "beyond chance under transformations that change nothing about a genre (exact McNemar "
        "tests with Holm's correction over 4 comparisons, p < 0.05; elsewhere, up to 6 of 30 "
        "tracks could be lost without it being shown)."
    )


def losing(*tracks: int) -> pd.DataFrame:
    """What is found of as many models, of which each loses so many tracks and wins none."""
    models = [f"cnn-1.{k}" for k in range(len(tracks))]
    lost = {
        model: predictions("".join({"a": "b", "b": "c", "c": "a"}[t] for t in TRUE[:n]) + TRUE[n:])
        for model, n in zip(models, tracks, strict=True)
    }
    clean = dict.fromkeys(models, predictions(TRUE))
    return robustness(clean, {"mp3": lost}, GROUPS, np.random.default_rng(0))


def test_models_that_lose_beyond_chance_are_named_the_worst_first():
    table = losing(9, 2, 20)
    assert list(beyond_chance(table)) == [True, False, True]
    told = verdict(table)
    assert told.startswith("2 of the 3 models hear something else than music, since they lose ")
    assert "about a genre: CNN 1.2, CNN 1.0 (exact" in told


@pytest.mark.parametrize("others", [(0, 0, 0), (20, 0, 0), (20, 20, 20), (0,) * 40])
def test_one_track_more_than_is_hidden_shows(others):
    hidden = hidden_loss(losing(0, *others))
    assert [bool(beyond_chance(losing(n, *others)).iloc[0]) for n in (hidden, hidden + 1)] == [
        False, True,
    ]  # fmt: skip


def test_of_few_tracks_no_loss_can_show():
    table = losing(0, 0, 0)
    assert hidden_loss(table) < 30
    assert hidden_loss(table.assign(tracks=4)) == 4
