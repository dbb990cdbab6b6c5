import numpy as np

from genre.evaluation.importance import ALL, MFCCS, groups_of, permutation_importance
from genre.features.definition import FEATURES


def answer(features: np.ndarray) -> np.ndarray:
    """A model that reads the sign of the first feature, and the others not at all."""
    return np.where(features[:, :1] > 0, [[0.1, 0.9]], [[0.8, 0.2]])


def test_what_alone_decides_counts_and_what_is_not_read_does_not():
    rng = np.random.default_rng(3)
    labels = np.arange(200) % 2
    features = rng.normal(size=(200, 3))
    features[:, 0] = np.where(labels, 1.0, -1.0) * rng.uniform(1, 2, 200)
    groups = {"decides": [0], "idle": [1], "both": [0, 2], "neither": [1, 2]}
    found = permutation_importance(answer, features, labels, groups, np.random.default_rng(5))
    assert list(found.index) == list(groups)
    assert abs(found["lost"]["decides"] - 0.5) < 0.05  # what is left is chance
    assert found["lost"]["both"] == found["lost"]["decides"]
    assert found["deviation"]["decides"] > 0
    assert not found.loc[["idle", "neither"]].to_numpy().any()
    again = permutation_importance(answer, features, labels, groups, np.random.default_rng(5))
    assert again.equals(found)


def test_columns_of_a_group_come_from_the_same_track():
    """A model that asks whether two columns are equal notices nothing, unless one moves alone."""

    def equal(features: np.ndarray) -> np.ndarray:
        same = features[:, 0] == features[:, 1]
        return np.stack([same, ~same], axis=1).astype(float)

    column = np.arange(30.0)
    features, labels = np.stack([column, column], axis=1), np.zeros(30, dtype=int)
    groups = {"together": [0, 1], "alone": [1]}
    found = permutation_importance(equal, features, labels, groups, np.random.default_rng(1))
    assert found["lost"]["together"] == 0
    assert found["lost"]["alone"] > 0.8


def test_a_descriptors_mean_and_variance_are_a_group():
    groups = groups_of(FEATURES)
    assert len(groups) == 29 + 2
    assert [FEATURES[k] for k in groups["rms"]] == ["rms_mean", "rms_var"]
    assert [FEATURES[k] for k in groups["tempo"]] == ["tempo"]
    assert [FEATURES[k] for k in groups["mfcc1"]] == ["mfcc1_mean", "mfcc1_var"]
    assert len(groups[MFCCS]) == 40
    assert groups[ALL] == list(range(57))
