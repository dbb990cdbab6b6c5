import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from genre.models.baselines import fit_baseline, fit_svm
from genre.models.names import BASELINES

SVM = ((10.0, 1.0), (0.3, 1.0))


def test_baselines_learn_from_what_they_are_given_only():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [100, 60, 40])
    features = rng.normal(size=(200, 5))
    features[:, 2] += 6 * labels
    split = np.array(["test", "train", "train", "val"] * 50)
    tested = split == "test"
    scores = {}
    for name in BASELINES:
        probabilities = fit_baseline(name, features, labels, split, seed=1, svm=SVM).predict(
            features
        )
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
        scores[name] = (probabilities.argmax(axis=1) == labels)[tested].mean()
        shuffled = np.where(tested, rng.permutation(labels), labels)
        other = fit_baseline(name, features, shuffled, split, seed=1, svm=SVM).predict(features)
        assert other.tobytes() == probabilities.tobytes()
    assert scores.pop("baseline-majority") == 0.5
    assert min(scores.values()) > 0.95


def moons(rng, count):
    """Two classes that no straight line divides."""
    labels = np.arange(count) % 2
    angles = rng.uniform(0, np.pi, count) + np.pi * labels
    points = np.stack([np.cos(angles) + labels, np.sin(angles) + 0.4 * labels], axis=1)
    return 1000 * points + rng.normal(scale=80, size=points.shape), labels


def test_the_support_vector_machine_divides_what_no_line_does():
    features, labels = moons(np.random.default_rng(1), 300)
    split = np.repeat(["train", "val", "test"], 100)
    right = {
        name: (
            fit_baseline(name, features, labels, split, seed=0, svm=SVM)
            .predict(features)
            .argmax(axis=1)
            == labels
        )
        for name in ("baseline-svm", "baseline-logistic")
    }
    tested = split == "test"
    assert right["baseline-svm"][tested].mean() > 0.95
    assert right["baseline-svm"][tested].mean() > right["baseline-logistic"][tested].mean() + 0.05


def test_the_support_vector_machine_takes_the_settings_that_validation_tracks_ask_for():
    taken = set()
    for seed in range(6):
        rng = np.random.default_rng(seed)
        labels = rng.integers(0, 3, 150)
        features = rng.normal(size=(150, 6))
        features[np.arange(150), labels] += 1.5
        val = np.arange(150) >= 60
        right = {}
        for settings in ((10.0, 0.3), (10.0, 1.0), (1.0, 0.3), (1.0, 1.0)):
            penalty, width = settings
            machine = make_pipeline(StandardScaler(), SVC(C=penalty, gamma=width / 6))
            machine.fit(features[~val], labels[~val])
            right[settings] = machine.score(features[val], labels[val])
        machine, _ = fit_svm(features, labels, val, *SVM)
        found = machine["svc"].C, pytest.approx(machine["svc"].gamma * 6)
        taken.add(max(right, key=right.__getitem__))
        assert max(right, key=right.__getitem__) == found
    assert len(taken) > 1


def test_the_support_vector_machine_is_as_sure_as_it_is_right():
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 3, 900)
    split = np.repeat(["train", "val", "test"], 300)
    surplus = []
    for distance in (0.5, 1.0, 2.0):
        features = rng.normal(size=(900, 4))
        features[np.arange(900), labels] += distance
        softmax = fit_baseline("baseline-svm", features, labels, split, seed=0, svm=SVM).predict(
            features
        )
        right = softmax.argmax(axis=1) == labels
        surplus.append((softmax.max(axis=1) - right)[split == "test"].mean())
    # Judged by tracks that it was fitted to, it would be .036 too sure.
    assert abs(np.mean(surplus)) < 0.02


@pytest.mark.parametrize("validated", [1, 2])
def test_few_validation_tracks_that_are_all_right_make_no_certainty(validated):
    rng = np.random.default_rng(4)
    labels = np.arange(60) % 3
    features = rng.normal(size=(60, 4))
    features[np.arange(60), labels] += 8
    split = np.array(["train"] * 50 + ["val"] * validated + ["test"] * (10 - validated))
    softmax = fit_baseline("baseline-svm", features, labels, split, seed=0, svm=SVM).predict(
        features
    )
    assert (softmax.argmax(axis=1) == labels)[split == "test"].all()
    assert 0.5 < softmax.max(axis=1)[split == "test"].mean() < 0.99


def test_a_genre_of_validation_tracks_alone_is_borne():
    rng = np.random.default_rng(5)
    labels = np.array([0, 1] * 20 + [2, 2, 0, 1])
    features = rng.normal(size=(44, 3)) + labels[:, None]
    split = np.array(["train"] * 40 + ["val"] * 3 + ["test"])
    softmax = fit_baseline("baseline-svm", features, labels, split, seed=0, svm=SVM).predict(
        features
    )
    np.testing.assert_allclose(softmax.sum(axis=1), 1.0)


def test_a_baseline_costs_what_a_count_by_hand_gives():
    rng = np.random.default_rng(6)
    labels = np.arange(240) % 3
    features = rng.normal(size=(240, 4)) + labels[:, None]
    split = np.repeat(["train", "val", "test"], 80)

    def fitted(name, features=features, labels=labels):
        return fit_baseline(f"baseline-{name}", features, labels, split, seed=0, svm=SVM)

    assert fitted("majority").cost() == (3, 0)
    assert fitted("logistic").cost() == (3 * 4 + 3, 3 * 4)
    svm = fitted("svm")
    vectors = svm.estimator["svc"].n_support_.sum()
    products = vectors * 4 + vectors * 2  # distances, and all but one genre's weights of each
    assert svm.cost() == (products + 3 + 1, products)

    # One feature of two values lets each tree split once: 2 of the split, 2 leaves; and the start.
    labels, trees = np.arange(240) % 2, 100
    boosting = fitted("boosting", np.ones((240, 4)) * labels[:, None], labels)
    assert boosting.cost() == (1 + trees * (2 + 2), 0)
