"""How good predictions are: the scores of one model."""

import numpy as np
import pandas as pd
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    confusion_matrix,
    log_loss,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

from genre.evaluation.predictions import classes_of, predicted, probabilities_of

BINS = 10  # of confidence, in the reliability diagram and the calibration error


def overall(test: pd.DataFrame) -> dict[str, float]:
    """Score predictions as a whole.

    Parameters
    ----------
    test : pd.DataFrame
        Predictions of the test tracks.

    Returns
    -------
    dict
        "accuracy"; "precision", "recall" and "f1" as macro means over the genres that have test
        tracks, where a genre that is never predicted counts with precision 0; "mcc", Matthews
        correlation; "top2" and "top3", the shares of tracks whose genre is among the most
        probable two and three; "log_loss"; "brier", summed over the genres, from 0 to 2; "ece",
        the expected calibration error, see `calibration`.
    """
    precision, recall, f1, _ = precision_recall_fscore_support(
        test["genre"],
        predicted(test),
        labels=classes_of(test["genre"]),
        average="macro",
        zero_division=0,
    )
    softmax = probabilities_of(test).astype(float)
    softmax = softmax.div(softmax.sum(axis=1), axis=0)
    classes = list(softmax.columns)
    ranks = softmax.rank(axis=1, method="first", ascending=False).to_numpy()
    rank = ranks[np.arange(len(test)), softmax.columns.get_indexer(pd.Index(test["genre"]))]
    scores = {
        "accuracy": accuracy_score(test["genre"], predicted(test)),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "mcc": matthews_corrcoef(test["genre"], predicted(test)),
        "top2": (rank <= 2).mean(),
        "top3": (rank <= 3).mean(),
        "log_loss": log_loss(test["genre"], softmax.to_numpy(), labels=classes),
        "brier": brier_score_loss(
            test["genre"], softmax.to_numpy(), labels=classes, scale_by_half=False
        ),
        "ece": calibration_error(test),
    }
    return {name: round(float(value), 6) for name, value in scores.items()}


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


def calibration(test: pd.DataFrame) -> pd.DataFrame:
    """Set how sure a model is against how often it is right.

    Returns
    -------
    pd.DataFrame [index: bin]
        For each tenth of the range of confidence, the probability of the predicted genre, that
        holds tracks: their mean "confidence", "accuracy" and number of "tracks". C. Guo et al.,
        "On calibration of modern neural networks", ICML 2017.
    """
    confidence = probabilities_of(test).max(axis=1)
    bins = (confidence * BINS).astype(int).clip(upper=BINS - 1)
    table = pd.DataFrame({"confidence": confidence, "right": predicted(test) == test["genre"]})
    return table.groupby(bins.rename("bin")).agg(
        confidence=("confidence", "mean"), accuracy=("right", "mean"), tracks=("right", "size")
    )


def calibration_error(test: pd.DataFrame) -> float:
    """The expected calibration error: how far confidence is from accuracy, see `calibration`."""
    bins = calibration(test)
    gap = (bins["accuracy"] - bins["confidence"]).abs()
    return float((gap * bins["tracks"]).sum() / len(test))


def rank_by_validation(predictions: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rank models by validation tracks, which is how one is to be chosen.

    They are ranked by log loss: of 16 tracks, accuracy tells only steps of a sixteenth, and many
    models have the same.

    Parameters
    ----------
    predictions : dict of str to pd.DataFrame
        Each model's predictions.

    Returns
    -------
    pd.DataFrame [index: model]
        "accuracy" and "log_loss" on the validation tracks; the least loss first.
    """
    scores = {}
    for model, table in predictions.items():
        val = table[table["split"] == "val"]
        softmax = probabilities_of(val).astype(float)
        places = softmax.columns.get_indexer(pd.Index(val["genre"]))
        given = softmax.div(softmax.sum(axis=1), axis=0).to_numpy()[np.arange(len(val)), places]
        least = np.finfo(np.float64).eps
        scores[model] = {
            "accuracy": (predicted(val) == val["genre"]).mean(),
            "log_loss": -np.log(np.maximum(given, least)).mean(),
        }
    table = pd.DataFrame(scores).T.rename_axis("model").round(6)
    return table.sort_values("log_loss", kind="stable")
