"""The study's two RNNs, from a sequence of features to genre."""

import keras
import numpy as np
from keras import layers

from genre.models.portable import orthogonal


def build_rnn(architecture: str, *, shape: tuple[int, int], classes: int) -> keras.Model:
    """Build an RNN.

    Parameters
    ----------
    architecture : {"naive", "advanced"}
        Which of the study's two.
    shape : (int, int)
        Steps and features of the sequences.
    classes : int > 1
        Number of genres.

    Returns
    -------
    keras.Model
        From sequences [shape=(n, steps, features)] to softmax [shape=(n, classes)]. It is not
        compiled.

    Raises
    ------
    ValueError
        If there is no such architecture.
    """
    sequence = keras.Input(shape, name="sequence")
    if architecture == "naive":
        x = layers.LSTM(256, return_sequences=True)(sequence)
        x = layers.LSTM(256, return_sequences=True)(x)
        x = layers.LSTM(128)(x)
    elif architecture == "advanced":
        x = layers.Dropout(0.2)(sequence)
        for units, last in ((64, False), (32, False), (16, True)):
            x = layers.LSTM(units, return_sequences=not last)(x)
            x = layers.Dropout(0.3)(x)
    else:
        raise ValueError(f"architecture: {architecture!r} is not one of naive, advanced")
    softmax = layers.Dense(classes, activation="softmax", name="softmax")(x)
    model = keras.Model(sequence, softmax, name=f"{architecture}_rnn")
    for layer in model.layers:
        if isinstance(layer, layers.LSTM):
            cell = layer.cell
            seed = cell.recurrent_initializer.seed
            cell.recurrent_kernel.assign(orthogonal(cell.recurrent_kernel.shape, seed))
    return model


def with_scaling(rnn: keras.Model, minimum: np.ndarray, extent: np.ndarray) -> keras.Model:
    """Put min-max scaling in front of an RNN, so that it takes raw features.

    Parameters
    ----------
    rnn : keras.Model
        An RNN that takes scaled sequences.
    minimum, extent : np.ndarray [shape=(features,)]
        What is subtracted from each feature, and what it is then divided by.

    Returns
    -------
    keras.Model
        From raw sequences to softmax; it shares its weights with `rnn`.
    """
    sequence = keras.Input(rnn.input_shape[1:], name="sequence")
    scaling = layers.Normalization(mean=minimum, variance=extent**2, name="scaling")
    return keras.Model(sequence, rnn(scaling(sequence)), name=f"scaled_{rnn.name}")
