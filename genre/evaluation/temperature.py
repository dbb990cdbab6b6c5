"""How sure a model may be: one temperature, by what it said of validation tracks.

C. Guo et al., "On calibration of modern neural networks", ICML 2017. The most probable genre stays
what it is; only how sure the model is of it changes.
"""

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from genre.evaluation.predictions import probabilities_of

_RANGE = (-3.0, 3.0)  # of the temperature's logarithm
_LEAST = 1e-7  # probability; single precision has 0 for what a softmax never makes 0


def fit_temperature(val: pd.DataFrame) -> float:
    """Find the temperature of least log loss on validation tracks.

    Parameters
    ----------
    val : pd.DataFrame
        Predictions of the validation tracks. So that a few that are all right do not make it
        endlessly sure, genres count as known to all but 1 / (validation tracks + 2), as in
        J. Platt, "Probabilistic outputs for support vector machines", 1999.

    Returns
    -------
    float
        Above 1, the model was too sure.
    """
    probabilities = probabilities_of(val)
    logits = _logits(probabilities.to_numpy(float))
    doubt = 1 / (len(val) + 2)
    known = probabilities.columns.to_numpy() == val["genre"].to_numpy()[:, None]
    targets = (1 - doubt) * known + doubt / len(probabilities.columns)

    def loss(logarithm: float) -> float:
        return float(-(targets * log_softmax(logits / np.exp(logarithm), axis=1)).sum())

    found = minimize_scalar(loss, bounds=_RANGE, method="bounded")
    return float(np.exp(found.x))


def temper(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Make probabilities [shape=(n, classes)] as sure as a temperature lets them be."""
    tempered: np.ndarray = softmax(_logits(probabilities) / temperature, axis=1)
    return tempered


def _logits(probabilities: np.ndarray) -> np.ndarray:
    logits: np.ndarray = np.log(np.maximum(probabilities, _LEAST))
    return logits
