"""What a finite number of test tracks can tell: intervals, and tests between models."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from genre.evaluation.predictions import predicted, probabilities_of

METRICS = ("accuracy", "precision", "recall", "f1")  # the last three are means over genres
RESAMPLES = 2000
LEVEL = 0.95


def intervals(test: pd.DataFrame, groups: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Bootstrap intervals of the four scores, by percentiles.

    Parameters
    ----------
    test : pd.DataFrame
        Predictions of the test tracks.
    groups : pd.Series [index: track]
        The group of each track. Whole groups are drawn, since tracks of one artist are right or
        wrong together; where each track is a group of its own, tracks are drawn.
    rng : numpy.random.Generator
        Draws them.

    Returns
    -------
    pd.DataFrame [index: METRICS, columns: low, high]
        The limits of each 95 % interval. In a draw, macro means are over the genres that it
        holds. Of a single group nothing can be told: its limits are 0 and 1.
    """
    classes = probabilities_of(test).columns
    true, guessed = (
        classes.get_indexer(pd.Index(labels)) for labels in (test["genre"], predicted(test))
    )
    cells = len(classes) * true + guessed
    numbers, names = pd.factorize(groups.loc[test.index])
    counts = np.zeros((len(names), len(classes) ** 2))
    np.add.at(counts, (numbers, cells), 1)
    # How often each group comes in a draw of as many groups as there are.
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
    scores = _scores((times @ counts).reshape(RESAMPLES, len(classes), len(classes)))
    limits = np.quantile(scores, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    if len(names) == 1:
        limits = np.repeat([[0.0], [1.0]], len(METRICS), axis=1)
    table = pd.DataFrame(limits.T, index=list(METRICS), columns=["low", "high"])
    return table.rename_axis("metric")


def _scores(matrices: np.ndarray) -> np.ndarray:
    """The four scores of confusion matrices [shape=(..., true, predicted)], metric first."""
    right = np.diagonal(matrices, axis1=-2, axis2=-1)
    true, guessed = matrices.sum(axis=-1), matrices.sum(axis=-2)
    present = true > 0
    precision, recall, f1 = (
        np.divide(part, whole, out=np.zeros_like(right), where=whole > 0)
        for part, whole in ((right, guessed), (right, true), (2 * right, true + guessed))
    )
    macro = [(score * present).sum(axis=-1) / present.sum(axis=-1) for score in (precision, recall)]
    macro.append((f1 * present).sum(axis=-1) / present.sum(axis=-1))
    return np.stack([right.sum(axis=-1) / true.sum(axis=-1), *macro])


def compare(right: pd.DataFrame, pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Test pairs of models on the same tracks, by exact McNemar tests with Holm's correction.

    Parameters
    ----------
    right : pd.DataFrame [index: track, columns: model, dtype=bool]
        Whether each model is right about each track.
    pairs : iterable of (str, str)
        Models to compare; together they are the family that is corrected for.

    Returns
    -------
    pd.DataFrame
        One row a pair: "model", "other"; "only_model" and "only_other", the tracks that one of
        the two has right; the two-sided "p", and "p_holm". Q. McNemar, Psychometrika 12, 1947;
        S. Holm, Scandinavian Journal of Statistics 6, 1979.
    """
    rows = []
    for model, other in pairs:
        one, two = right[model], right[other]
        only_model, only_other = int((one & ~two).sum()), int((two & ~one).sum())
        result = mcnemar([[0, only_model], [only_other, 0]], exact=True)
        rows.append((model, other, only_model, only_other, min(float(result.pvalue), 1.0)))
    table = pd.DataFrame(rows, columns=["model", "other", "only_model", "only_other", "p"])
    table["p_holm"] = multipletests(table["p"], method="holm")[1]
    return table
