"""The study's hybrid: what a CNN sees in the picture, beside the features of the whole track."""

import keras
import numpy as np
from keras import layers

from genre.models.portable import gelu


def build_hybrid(*, inputs: int, classes: int) -> keras.Model:
    """Build the dense part of the hybrid.

    Parameters
    ----------
    inputs : int > 0
        Values of the CNN and features together; 185 in the study.
    classes : int > 1
        Number of genres.

    Returns
    -------
    keras.Model
        From values [shape=(n, inputs)] to softmax [shape=(n, classes)]. It is not compiled.
    """
    values = keras.Input((inputs,), name="values")
    x = layers.Dropout(0.1)(values)
    x = gelu(layers.Dense(128)(x))
    x = layers.Dropout(0.1)(x)
    x = layers.Dense(64, activation="relu")(x)
    softmax = layers.Dense(classes, activation="softmax", name="softmax")(x)
    return keras.Model(values, softmax, name="hybrid")


def join(
    embedder: keras.Model, hybrid: keras.Model, minimum: np.ndarray, extent: np.ndarray
) -> keras.Model:
    """Join CNN, feature scaling and hybrid into one model.

    Parameters
    ----------
    embedder : keras.Model
        From raw pictures to values.
    hybrid : keras.Model
        From values and scaled features to softmax.
    minimum, extent : np.ndarray [shape=(features,)]
        What is subtracted from each feature, and what it is then divided by.

    Returns
    -------
    keras.Model
        From {"picture": raw pixels, "features": raw features} to softmax.
    """
    picture = keras.Input(embedder.input_shape[1:], name="picture")
    features = keras.Input((len(minimum),), name="features")
    scaling = layers.Normalization(mean=minimum, variance=extent**2, name="scaling")
    values = layers.Concatenate()([embedder(picture), scaling(features)])
    return keras.Model({"picture": picture, "features": features}, hybrid(values), name="joined")
