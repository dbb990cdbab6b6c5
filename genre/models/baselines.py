"""Baselines that any model must beat, on the 57 features of whole tracks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from genre.models.names import BASELINES

_SHARPNESS = (-5.0, 5.0)  # logarithms of what decision values may be multiplied by


@dataclass(frozen=True)
class Baseline:
    """A baseline that is fitted.

    Attributes
    ----------
    estimator : ClassifierMixin
        Takes raw features.
    classes : int
        Number of genres, including those that only test tracks have.
    sharpness : float > 0, optional
        Of a support vector machine, see `fit_svm`.
    """

    estimator: ClassifierMixin
    classes: int
    sharpness: float | None = None

    def predict(self, features: np.ndarray) -> np.ndarray:
        """From raw features [shape=(n, 57)] to probabilities [shape=(n, classes)]."""
        probabilities = np.zeros((len(features), self.classes))
        if self.sharpness is not None:
            said = softmax(self.sharpness * _decide(self.estimator, features), axis=1)
        else:
            said = self.estimator.predict_proba(features)
        probabilities[:, self.estimator.classes_] = said
        return probabilities

    def cost(self) -> tuple[int, int]:
        """Count what it costs, as `genre.training.cost` does for networks: without scaling.

        Returns
        -------
        parameters : int
            Numbers that were fitted: coefficients or support vectors and their weights; of each
            tree a feature and a threshold a split, and a value a leaf.
        multiply_adds : int
            Of a track, in products with coefficients or support vectors. Trees have none: they
            compare.
        """
        match getattr(self.estimator, "steps", [("", self.estimator)])[-1][1]:
            case DummyClassifier(class_prior_=prior):
                return prior.size, 0
            case LogisticRegression(coef_=coefficients, intercept_=intercept):
                return coefficients.size + intercept.size, coefficients.size
            case SVC(support_vectors_=vectors, dual_coef_=weights, intercept_=intercept):
                products = vectors.size + weights.size
                return products + intercept.size + 1, products
            case boosting:
                trees = [tree for trees in boosting._predictors for tree in trees]
                leaves = sum(tree.get_n_leaf_nodes() for tree in trees)
                splits = sum(len(tree.nodes) for tree in trees) - leaves
                return boosting._baseline_prediction.size + leaves + 2 * splits, 0


def build_baseline(name: str, seed: int) -> ClassifierMixin:
    """Build a baseline with scikit-learn's own settings.

    Parameters
    ----------
    name : str
        One of BASELINES, but for the support vector machine: the shares of the genres in
        training, a logistic regression on standardised features, or histogram gradient boosting.
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


def fit_baseline(
    name: str,
    features: np.ndarray,
    labels: np.ndarray,
    split: np.ndarray,
    *,
    seed: int,
    svm: tuple[Sequence[float], Sequence[float]],
) -> Baseline:
    """Fit a baseline on training and validation tracks.

    Parameters
    ----------
    name : str
        One of BASELINES.
    features : np.ndarray [shape=(n, 57)]
        Raw features of each track.
    labels : np.ndarray [shape=(n,), dtype=int]
        Class of each, from 0 on.
    split : np.ndarray [shape=(n,), dtype=str]
        "train", "val" or "test" for each. Validation tracks choose the settings of the support
        vector machine, see `fit_svm`; of the others nothing is tuned.
    seed : int >= 0
        Seed of gradient boosting.
    svm : (sequence of float > 0, sequence of float > 0)
        The settings of the support vector machine to choose from, see `fit_svm`.
    """
    known = split != "test"
    classes = labels.max() + 1
    if name == "baseline-svm":
        estimator, sharpness = fit_svm(features[known], labels[known], split[known] == "val", *svm)
        return Baseline(estimator, classes, sharpness)
    return Baseline(build_baseline(name, seed).fit(features[known], labels[known]), classes)


def fit_svm(
    features: np.ndarray,
    labels: np.ndarray,
    val: np.ndarray,
    strengths: Sequence[float],
    widths: Sequence[float],
) -> tuple[ClassifierMixin, float]:
    """Fit a support vector machine with an RBF kernel on standardised features.

    Its probabilities are the softmax of its decision values times a sharpness, which leaves the
    order of the genres as it is (C. Guo et al., "On calibration of modern neural networks", ICML
    2017). `SVC(probability=True)` is deprecated, and its genre may be another than `predict`'s.

    Parameters
    ----------
    features : np.ndarray [shape=(n, features)]
        Raw features of training and validation tracks.
    labels : np.ndarray [shape=(n,), dtype=int]
        Class of each.
    val : np.ndarray [shape=(n,), dtype=bool]
        Which are validation tracks. What is fitted to the others is judged by its accuracy on
        these; the best settings, of several the first, are then fitted to all.
    strengths : sequence of float > 0
        Inverse strengths of the penalty, scikit-learn's C, to choose from.
    widths : sequence of float > 0
        Of the kernel, scikit-learn's gamma, times the number of features.

    Returns
    -------
    machine : ClassifierMixin
        Takes raw features.
    sharpness : float > 0
        The one of least log loss on the validation tracks. So that a few that are all right do
        not make it endless, genres count as known to all but 1 / (validation tracks + 2), as in
        J. Platt, "Probabilistic outputs for support vector machines", 1999.
    """
    grid = {
        "svc__C": strengths,
        "svc__gamma": [width / features.shape[1] for width in widths],
    }
    machine = make_pipeline(StandardScaler(), SVC(break_ties=True))
    search = GridSearchCV(machine, grid, cv=PredefinedSplit(np.where(val, 0, -1)))
    best = search.fit(features, labels).best_estimator_

    trained = clone(best).fit(features[~val], labels[~val])
    judged = val & np.isin(labels, trained.classes_)
    decisions = _decide(trained, features[judged])
    doubt = 1 / (len(decisions) + 2)
    targets = (1 - doubt) * (labels[judged, None] == trained.classes_) + doubt / decisions.shape[1]

    def loss(logarithm: float) -> float:
        return float(-(targets * log_softmax(np.exp(logarithm) * decisions, axis=1)).sum())

    found = minimize_scalar(loss, bounds=_SHARPNESS, method="bounded")
    return best, float(np.exp(found.x))


def _decide(machine: ClassifierMixin, features: np.ndarray) -> np.ndarray:
    """The decision value of each class, also where scikit-learn gives that of the second alone."""
    values = machine.decision_function(features)
    if values.ndim == 1:
        values = np.stack([-values, values], axis=1)
    found: np.ndarray = values
    return found
