"""What models lose where a recording changes, and its genre does not: see `transformations`."""

import copy
from collections.abc import Mapping

import numpy as np
import pandas as pd

from genre.evaluation.predictions import predicted
from genre.evaluation.significance import compare, intervals
from genre.models.names import title

INDEX = ("model", "transformation")
MEASURES = ("tracks", "accuracy", "accuracy_low", "accuracy_high", "lost", "changed")
COLUMNS = (
    *INDEX, *MEASURES, "only_clean", "only_transformed", "p", "p_holm", "beyond_chance"
)  # fmt: skip
ALPHA = 0.05  # a loss is beyond chance below this p
Predictions = Mapping[str, pd.DataFrame]  # of the same test tracks, by model


def robustness(
    clean: Predictions,
    transformed: Mapping[str, Predictions],
    groups: pd.Series,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Compare what models say of transformed tracks with what they say of the tracks themselves.

    Parameters
    ----------
    clean : mapping of str to pd.DataFrame
        Predictions of the test tracks by each model.
    transformed : mapping of str to such mappings
        Predictions of the same tracks by the same models, by transformation.
    groups : pd.Series [index: track]
        The group of each track, see `genre.evaluation.significance.intervals`.
    rng : numpy.random.Generator
        Draws the intervals; all of them alike, so that none depends on what else is compared.

    Returns
    -------
    pd.DataFrame [index: model, transformation]
        "tracks"; the "accuracy" on transformed tracks, and "accuracy_low" and "accuracy_high",
        its 95 % interval; "lost", by how much the accuracy on the tracks themselves is higher;
        "changed", the share of answers that are others than before, right or wrong;
        "only_clean" and "only_transformed", the tracks that are right only so; "p" of the exact
        McNemar test of those, and "p_holm", corrected for all rows of the table; whether the loss
        is "beyond_chance".
    """
    cells = [(model, name) for model in clean for name in transformed]
    right, rows = {}, []
    for model, before in clean.items():
        right[model] = predicted(before) == before["genre"]
        for name, predictions in transformed.items():
            after = predictions[model].loc[before.index]
            right[f"{model} {name}"] = predicted(after) == after["genre"]
            accuracy = right[f"{model} {name}"].mean()
            low, high = intervals(after, groups, copy.deepcopy(rng)).loc["accuracy"]
            lost = right[model].mean() - accuracy
            changed = (predicted(after) != predicted(before)).mean()
            rows.append((len(after), accuracy, low, high, lost, changed))
    index = pd.MultiIndex.from_tuples(cells, names=INDEX)
    pairs = [(model, f"{model} {name}") for model, name in cells]
    tests = compare(pd.DataFrame(right), pairs).drop(columns=["model", "other"])
    tests = tests.rename(columns={"only_model": "only_clean", "only_other": "only_transformed"})
    table = pd.DataFrame(rows, index=index, columns=list(MEASURES)).join(tests.set_index(index))
    return table.assign(beyond_chance=beyond_chance(table))


def beyond_chance(table: pd.DataFrame) -> pd.Series:
    """Whether each row of `robustness` is a loss beyond chance [index: model, transformation]."""
    return (table["p_holm"] < ALPHA) & (table["only_clean"] > table["only_transformed"])


def hidden_loss(table: pd.DataFrame) -> int:
    """How many tracks each of the other rows of `robustness` could lose without it being shown.

    The exact McNemar test of n tracks that are lost, and none won, has p = 2 / 2^n; Holm's
    correction multiplies it by the number of rows that are not rejected yet.
    """
    left = max(int((table["p_holm"] >= ALPHA).sum()), 1)
    return min(int(np.log2(2 * left / ALPHA)), int(table["tracks"].max()))


def verdict(table: pd.DataFrame) -> str:
    """Which models hear something else than music, in one sentence.

    They are those that lose accuracy beyond chance under a transformation. That the others hear
    music is not said: few tracks show great losses only, and the sentence says how great. Answers
    that change without loss do not count, since a model that is wrong twice loses nothing.

    Parameters
    ----------
    table : pd.DataFrame
        What `robustness` gave.
    """
    models = table.index.unique("model")
    worst = table["lost"].where(beyond_chance(table)).groupby("model").max().dropna()
    names = [title(model) for model in worst.sort_values(ascending=False, kind="stable").index]
    how = (
        f"exact McNemar tests with Holm's correction over {len(table)} comparisons, p < {ALPHA}; "
        f"elsewhere, up to {hidden_loss(table)} of {table['tracks'].max()} tracks could be lost "
        "without it being shown"
    )
    what = "accuracy beyond chance under transformations that change nothing about a genre"
    if not names:
        return (
            f"None of the {len(models)} models is shown to hear something else than music: none "
            f"loses {what} ({how})."
        )
    return (
        f"{len(names)} of the {len(models)} models hear something else than music, since they "
        f"lose {what}: {', '.join(names)} ({how})."
    )
