"""How good predictions are."""

import pandas as pd
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from genre.predictions import classes_of, predicted, probabilities_of

METRICS = ("accuracy", "precision", "recall", "f1")


def overall(test: pd.DataFrame) -> dict[str, float]:
    """Score predictions as a whole.

    Parameters
    ----------
    test : pd.DataFrame
        Predictions of the test tracks.

    Returns
    -------
    dict
        Accuracy, and precision, recall and F1 as macro means over the genres that have test
        tracks. A genre that is never predicted counts with precision 0.
    """
    precision, recall, f1, _ = precision_recall_fscore_support(
        test["genre"],
        predicted(test),
        labels=classes_of(test["genre"]),
        average="macro",
        zero_division=0,
    )
    accuracy = accuracy_score(test["genre"], predicted(test))
    values = zip(METRICS, (accuracy, precision, recall, f1), strict=True)
    return {name: round(float(value), 6) for name, value in values}


def by_class(test: pd.DataFrame) -> pd.DataFrame:
    """Score predictions genre by genre.

    Returns
    -------
    pd.DataFrame [index: genre]
        Precision, recall, F1 and the number of test tracks.
    """
    classes = classes_of(test["genre"])
    scores = precision_recall_fscore_support(
        test["genre"], predicted(test), labels=classes, zero_division=0
    )
    columns = ("precision", "recall", "f1", "tracks")
    return pd.DataFrame(dict(zip(columns, scores, strict=True)), index=classes).rename_axis("genre")


def confusion(test: pd.DataFrame) -> pd.DataFrame:
    """Count test tracks by true genre (rows) and predicted genre (columns)."""
    classes = list(probabilities_of(test).columns)
    counts = confusion_matrix(test["genre"], predicted(test), labels=classes)
    return pd.DataFrame(counts, index=classes, columns=classes)
