"""Which features a model cannot do without: permutation importance.

L. Breiman, "Random forests", Machine Learning 45, 2001. scikit-learn's permutes one column at a
time; here a descriptor's mean and variance, which tell much the same, go together.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

REPEATS = 10  # shufflings of each group
MFCCS, ALL = "all MFCCs", "all features"


def groups_of(features: Sequence[str]) -> dict[str, list[int]]:
    """The columns that are shuffled together.

    Parameters
    ----------
    features : sequence of str
        The names of the columns.

    Returns
    -------
    dict of str to list of int
        The columns of each descriptor, `rms_mean` and `rms_var` those of `rms`; then of all MFCCs,
        and of all features.
    """
    groups: dict[str, list[int]] = {}
    for column, name in enumerate(features):
        groups.setdefault(name.removesuffix("_mean").removesuffix("_var"), []).append(column)
    mfccs = [column for column, name in enumerate(features) if name.startswith("mfcc")]
    return {**groups, MFCCS: mfccs, ALL: list(range(len(features)))}


def permutation_importance(
    answer: Callable[[np.ndarray], np.ndarray],
    features: np.ndarray,
    labels: np.ndarray,
    groups: Mapping[str, Sequence[int]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Find what accuracy a model loses where some features are those of other tracks.

    Parameters
    ----------
    answer : callable
        From features of the same tracks, several times over [shape=(times * n, features)], to
        softmax [shape=(times * n, classes)].
    features : np.ndarray [shape=(n, features)]
        Of tracks that the model has not learned from: of others it would tell what was learned by
        heart.
    labels : np.ndarray [shape=(n,), dtype=int]
        Class of each.
    groups : mapping of str to sequence of int
        The columns to shuffle together, by name.
    rng : numpy.random.Generator
        Shuffles the tracks; all groups alike.

    Returns
    -------
    pd.DataFrame [index: group]
        The accuracy "lost", as a mean over `REPEATS` shufflings, and its standard "deviation" among
        them.
    """

    def accuracies(x: np.ndarray) -> np.ndarray:
        right = answer(x).argmax(axis=1).reshape(-1, len(labels)) == labels
        shares: np.ndarray = right.mean(axis=1)
        return shares

    orders = np.concatenate([rng.permutation(len(labels)) for _ in range(REPEATS)])
    [before] = accuracies(features)
    rows = {}
    for name, columns in groups.items():
        shuffled = np.tile(features, (REPEATS, 1))
        shuffled[:, columns] = features[orders][:, columns]
        lost = before - accuracies(shuffled)
        rows[name] = {"lost": lost.mean(), "deviation": lost.std()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
