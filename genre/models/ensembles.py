"""The study's three ways of joining the softmax of two models."""

import numpy as np

DIGITS = 12  # of a probability in a table; behind them is the rounding of those that were joined


def combine(first: np.ndarray, second: np.ndarray, *, rule: str) -> np.ndarray:
    """Join the probabilities of two models.

    Parameters
    ----------
    first, second : np.ndarray [shape=(n, classes)]
        Probabilities; rows sum to 1.
    rule : {"sum", "agreement", "product"}
        "sum" adds them; "product" multiplies them; "agreement" takes, for each track, the row of
        the model that is more confident (where both name the same class, that class stands).

    Returns
    -------
    np.ndarray [shape=(n, classes)]
        Probabilities; rows sum to 1.
    """
    if rule == "sum":
        joined = first + second
    elif rule == "product":
        # The smallest float keeps a row from becoming all zero.
        joined = np.maximum(first * second, np.finfo(np.float64).tiny)
    elif rule == "agreement":
        surer = first.max(axis=1, keepdims=True) >= second.max(axis=1, keepdims=True)
        joined = np.where(surer, first, second)
    else:
        raise ValueError(f"rule: {rule!r} is not one of sum, agreement, product")
    normalised: np.ndarray = joined / joined.sum(axis=1, keepdims=True)
    return normalised
