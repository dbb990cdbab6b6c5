"""Baselines that any model must beat, on the 57 features of whole tracks."""

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genre.models.names import BASELINES


def build_baseline(name: str, seed: int) -> ClassifierMixin:
    """Build a baseline with scikit-learn's own settings.

    Parameters
    ----------
    name : str
        One of BASELINES: the shares of the genres in training, a logistic regression on
        standardised features, or histogram gradient boosting.
    seed : int >= 0
        Seed of gradient boosting.
    """
    match name:
        case "baseline-majority":
            return DummyClassifier(strategy="prior")
        case "baseline-logistic":
            return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        case "baseline-boosting":
            return HistGradientBoostingClassifier(random_state=seed)
    raise ValueError(f"{name}: not one of {', '.join(BASELINES)}")


def fit_and_predict(
    name: str, features: np.ndarray, labels: np.ndarray, known: np.ndarray, *, seed: int
) -> np.ndarray:
    """Fit a baseline on some tracks, and apply it to all.

    Parameters
    ----------
    name : str
        One of BASELINES.
    features : np.ndarray [shape=(n, 57)]
        Raw features of each track.
    labels : np.ndarray [shape=(n,), dtype=int]
        Class of each, from 0 on.
    known : np.ndarray [shape=(n,), dtype=bool]
        The tracks to fit on: nothing is tuned, so training and validation tracks alike.
    seed : int >= 0
        Seed of gradient boosting.

    Returns
    -------
    np.ndarray [shape=(n, classes)]
        Probabilities.
    """
    baseline = build_baseline(name, seed).fit(features[known], labels[known])
    probabilities = np.zeros((len(labels), labels.max() + 1))
    probabilities[:, baseline.classes_] = baseline.predict_proba(features)
    return probabilities
