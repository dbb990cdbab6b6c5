"""Ensembles of any number of models, which learn from validation tracks whom to trust.

Of its own training tracks a model says what it was told, so these are of no use here; nor is a
model that has learned from the validation tracks.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

_FLOOR = 1e-3  # share of chance in every probability: a 0 on one track must not decide alone
_FOLDS = 20  # of the validation tracks, at most
_PARTS = 5  # of them, each of which the others judge: some seconds, not twenty
_AT_ONCE = 1024  # bags


def fit_weights(
    probabilities: np.ndarray, labels: np.ndarray, *, picks: int, bag: int
) -> np.ndarray:
    """Choose the weights of a mean, by ensemble selection.

    Models are picked one after the other, each time the one, new or not, with which the mean of
    all picked has the least log loss. R. Caruana et al., "Ensemble selection from libraries of
    models", ICML 2004. They do so in random bags of models, against overfitting; here it is every
    bag of a size, and their mean: no random number, and no order of the models, has a say in it.

    Parameters
    ----------
    probabilities : np.ndarray [shape=(models, n, classes)]
        What each model says of each validation track.
    labels : np.ndarray [shape=(n,), dtype=int], n > 0
        Class of each track.
    picks : int > 0
        How many in each bag; few bound how exactly few tracks can be fitted.
    bag : int > 0
        Models in a bag. With as many as there are, or more, there is one: the log loss on these
        tracks is then never above that of the best model, and it fits them most closely.

    Returns
    -------
    np.ndarray [shape=(models,)]
        Weights from 0 to 1, which sum to 1. Of models that are alike, the first is picked.
    """
    given = _smooth(probabilities)[:, np.arange(len(labels)), labels]
    bags = np.array(list(itertools.combinations(range(len(given)), min(bag, len(given)))))
    counts = np.zeros(len(given), dtype=int)
    for start in range(0, len(bags), _AT_ONCE):
        members = bags[start : start + _AT_ONCE]
        every = np.arange(len(members))
        likelihoods = given[members]
        total = np.zeros((len(members), len(labels)))
        for _ in range(picks):
            losses = -np.log(total[:, None] + likelihoods).sum(axis=2)
            best = losses.argmin(axis=1)
            total += likelihoods[every, best]
            np.add.at(counts, members[every, best], 1)
    return counts / (picks * len(bags))


def weighted_mean(probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Join what models say of tracks [shape=(models, n, classes)] by the weights of each."""
    joined = np.einsum("m,mnc->nc", weights, probabilities)
    normalised: np.ndarray = joined / joined.sum(axis=1, keepdims=True)
    return normalised


@dataclass(frozen=True)
class Pool:
    """How a log-linear pool trusts each model.

    Attributes
    ----------
    exponents : np.ndarray [shape=(models,)]
        From 0 on. Their sum is no 1: more than that makes surer, less makes less sure.
    penalty : float > 0
        The one that was chosen, see `fit_pool`.
    val_loss : float
        Log loss on validation tracks that the exponents were not fitted to, by cross-validation;
        not a number for a single track.
    """

    exponents: np.ndarray
    penalty: float
    val_loss: float


def fit_pool(probabilities: np.ndarray, labels: np.ndarray, *, penalties: Sequence[float]) -> Pool:
    """Fit a log-linear pool, the softmax of the weighted sum of all models' log probabilities.

    It is a multinomial logistic regression on them, with a coefficient for each model which all
    classes share: a class without a validation track has what the others have. A squared penalty
    draws the coefficients towards the equal ones of a geometric mean; cross-validation among the
    validation tracks chooses how much. G. Hinton, "Products of experts", ICANN 1999.

    Parameters
    ----------
    probabilities : np.ndarray [shape=(models, n, classes)]
        What each model says of each validation track.
    labels : np.ndarray [shape=(n,), dtype=int], n > 0
        Class of each track.
    penalties : sequence of float > 0
        What a squared distance of 1 costs, in nats over all tracks, to choose from: the one of
        least log loss in `n` folds, at most 20, of which tracks in the order of their genres give
        each a like share; of several the greatest. For a single track it is the greatest of all.

    Returns
    -------
    Pool
        The exponents, and what was chosen.
    """
    logs = np.log(_smooth(probabilities))
    folds = np.arange(len(labels)) % _FOLDS
    # Where nothing is known of their losses, or they are alike, the first stands.
    losses = dict.fromkeys(sorted(penalties, reverse=True), np.nan)
    for penalty in losses if len(labels) > 1 else ():
        total = 0.0
        for fold in range(folds.max() + 1):
            held = folds == fold
            exponents = _fit_exponents(logs[:, ~held], labels[~held], penalty)
            total += _loss(exponents, logs[:, held], labels[held])[0]
        losses[penalty] = total / len(labels)
    chosen = min(losses, key=losses.__getitem__)
    return Pool(_fit_exponents(logs, labels, chosen), chosen, losses[chosen])


def log_linear_pool(probabilities: np.ndarray, exponents: np.ndarray) -> np.ndarray:
    """Join what models say of tracks [shape=(models, n, classes)] by the exponents of each."""
    logs = np.log(_smooth(probabilities))
    joined: np.ndarray = np.exp(_log_softmax(np.einsum("m,mnc->nc", exponents, logs)))
    return joined


JOINS = {"ensemble-3.4": weighted_mean, "ensemble-3.5": log_linear_pool}


def join_by_others(
    learn: Callable[[np.ndarray, np.ndarray], np.ndarray],
    join: Callable[[np.ndarray, np.ndarray], np.ndarray],
    probabilities: np.ndarray,
    labels: np.ndarray,
    val: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Join models by what validation tracks teach; for each of these, by what the others do.

    So what an ensemble says of validation tracks can be set beside what its members say of them.

    Parameters
    ----------
    learn : callable
        Takes what each model says of some tracks [shape=(models, n, classes)], and their classes;
        gives the weights of the models.
    join : callable
        Takes what each model says of any tracks, and such weights.
    probabilities : np.ndarray [shape=(models, n, classes)]
        What each model says of each track.
    labels : np.ndarray [shape=(n,), dtype=int]
        Class of each track.
    val : np.ndarray [shape=(n,), dtype=bool]
        The validation tracks; no other label is looked at.

    Returns
    -------
    joined : np.ndarray [shape=(n, classes)]
        Probabilities; rows sum to 1.
    weights : np.ndarray [shape=(models,)]
        What all validation tracks teach.
    """
    tracks = np.flatnonzero(val)
    weights = learn(probabilities[:, tracks], labels[tracks])
    joined = join(probabilities, weights)
    folds = np.arange(len(tracks)) % _PARTS
    for fold in range(folds.max() + 1) if len(tracks) > 1 else ():
        others, held = tracks[folds != fold], tracks[folds == fold]
        learned = learn(probabilities[:, others], labels[others])
        joined[held] = join(probabilities[:, held], learned)
    return joined, weights


def _smooth(probabilities: np.ndarray) -> np.ndarray:
    """Mix probabilities with a little of the uniform distribution."""
    mixed: np.ndarray = (1 - _FLOOR) * probabilities + _FLOOR / probabilities.shape[-1]
    return mixed


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    logits = logits - logits.max(axis=1, keepdims=True)
    found: np.ndarray = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return found


def _loss(exponents: np.ndarray, logs: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The log loss of a pool, summed over tracks, and its gradient."""
    joined = _log_softmax(np.einsum("m,mnc->nc", exponents, logs))
    given = np.arange(len(labels)), labels
    expected = np.einsum("nc,mnc->m", np.exp(joined), logs)
    return -joined[given].sum(), expected - logs[:, *given].sum(axis=1)


def _fit_exponents(logs: np.ndarray, labels: np.ndarray, penalty: float) -> np.ndarray:
    equal = np.full(len(logs), 1 / len(logs))

    def objective(exponents: np.ndarray) -> tuple[float, np.ndarray]:
        loss, gradient = _loss(exponents, logs, labels)
        distance = exponents - equal
        return loss + penalty * (distance**2).sum(), gradient + 2 * penalty * distance

    bounds = [(0, None)] * len(logs)
    found = minimize(objective, equal, jac=True, method="L-BFGS-B", bounds=bounds)
    exponents: np.ndarray = found.x
    return exponents
