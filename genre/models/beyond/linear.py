"""A linear classifier on what a pretrained network says of a track, with or without the features.

Such a probe is the usual way to use an embedding: the network stays as it is, and what few tracks
can teach is learned by a penalised logistic regression.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits


@dataclass(frozen=True)
class Linear:
    """A multinomial logistic regression on standardised inputs.

    Attributes
    ----------
    mean, deviation : np.ndarray [shape=(inputs,)]
        Of each input over the training tracks; a deviation of 0 counts as 1.
    coefficients : np.ndarray [shape=(inputs, classes)]
        Of the standardised inputs.
    intercept : np.ndarray [shape=(classes,)]
        What is added.
    strength : float > 0
        The one that was chosen, see `fit_linear`.
    val_loss : float
        Log loss on the validation tracks.
    """

    mean: np.ndarray
    deviation: np.ndarray
    coefficients: np.ndarray
    intercept: np.ndarray
    strength: float
    val_loss: float


def fit_linear(
    train: tuple[np.ndarray, np.ndarray],
    val: tuple[np.ndarray, np.ndarray],
    *,
    classes: int,
    strengths: Sequence[float],
) -> Linear:
    """Fit the classifier to training tracks, and choose its penalty by validation tracks.

    Parameters
    ----------
    train, val : (np.ndarray [shape=(n, inputs)], np.ndarray [shape=(n,), dtype=int])
        Inputs and classes; of each class there is a training track.
    classes : int > 1
        Number of genres.
    strengths : sequence of float > 0
        Inverse strengths of the penalty, scikit-learn's C, to choose from: the one of least log
        loss on the validation tracks, of several the first.

    Returns
    -------
    Linear
        The classifier.
    """
    found = []
    # On one core: the sum of what several multiply would depend on their number.
    with threadpool_limits(limits=1):
        for strength in strengths:
            model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5000))
            model.fit(*train)
            loss = log_loss(val[1], model.predict_proba(val[0]), labels=range(classes))
            found.append((float(loss), strength, model))
    loss, strength, model = min(found, key=lambda each: each[0])
    scaler, regression = model[0], model[-1]
    sign = np.array([[-1.0, 1.0]])  # of two classes, scikit-learn has the second's logit alone
    coefficients, intercept = regression.coef_.T, regression.intercept_
    if classes == 2:
        coefficients, intercept = coefficients * sign / 2, intercept * sign[0] / 2
    return Linear(scaler.mean_, scaler.scale_, coefficients, intercept, strength, loss)


def build_linear(linear: Linear) -> keras.Model:
    """Make the classifier a network.

    Parameters
    ----------
    linear : Linear
        The classifier.

    Returns
    -------
    keras.Model
        From inputs [shape=(n, inputs)] to softmax [shape=(n, classes)].
    """
    inputs = keras.Input(linear.mean.shape, name="inputs")
    x = layers.Normalization(mean=linear.mean, variance=linear.deviation**2)(inputs)
    dense = layers.Dense(linear.coefficients.shape[1], activation="softmax", name="softmax")
    model = keras.Model(inputs, dense(x), name="linear")
    dense.set_weights([linear.coefficients, linear.intercept])
    return model


def join(network: keras.Model, linear: keras.Model) -> keras.Model:
    """Put a pretrained network in front of a classifier of its embeddings.

    Parameters
    ----------
    network : keras.Model
        From patches [shape=(n, frames, mels)] to the embedding of each.
    linear : keras.Model
        What `build_linear` gave; what its inputs have more than an embedding are features.

    Returns
    -------
    keras.Model
        From the patches of each track [shape=(n, patches, frames, mels)], and its raw features
        [shape=(n, features)] if the classifier reads them, to softmax [shape=(n, classes)]. Of
        the patches' embeddings it takes the mean.
    """
    patches = keras.Input((None, *network.input_shape[1:]), name="patches")
    x = _mean_by_track(patches, network(ops.reshape(patches, (-1, *network.input_shape[1:]))))
    inputs = [patches]
    if further := linear.input_shape[1] - network.output_shape[1]:
        inputs.append(keras.Input((further,), name="features"))
        x = layers.Concatenate()([x, inputs[1]])
    return keras.Model(inputs, linear(x), name=f"{network.name}_linear")


def _mean_by_track(patches: keras.KerasTensor, heard: keras.KerasTensor) -> keras.KerasTensor:
    """The mean over the patches of each track, of what was heard in all of them.

    By a product with a matrix of tracks and patches, since the numbers of both are open and what
    was heard cannot be given the shape of the patches. `keras.layers.TimeDistributed` would build
    the network once for each patch of a track, which takes longer than to apply it.
    """
    ones = ops.ones_like(patches[:, :, 0, 0])
    number = ops.cumsum(ones[:, :1], axis=0)  # of the track
    of_track = ops.equal(number, ops.reshape(number * ones, (1, -1)))
    total = ops.matmul(ops.cast(of_track, heard.dtype), heard)
    return total / ops.sum(ones, axis=1, keepdims=True)
