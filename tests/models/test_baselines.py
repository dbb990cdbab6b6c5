import numpy as np

from genre.models.baselines import fit_and_predict
from genre.models.names import BASELINES


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
