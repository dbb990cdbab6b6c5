"""A small transformer over the steps of a track: the features of each, and what a network heard.

Its blocks are those of A. Vaswani et al., "Attention is all you need", NeurIPS 2017, normalised
ahead of each part as in R. Xiong et al., "On layer normalization in the transformer architecture",
ICML 2020, without gain and bias as in J. Xu et al., "Understanding and improving layer
normalization", NeurIPS 2019.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from genre.models.portable import deviation, gelu


@dataclass(frozen=True)
class Scaling:
    """What standardisation subtracts from each value, and what it then divides by.

    Attributes
    ----------
    mean, deviation : np.ndarray [shape=(values,), dtype=float32]
        Over the steps of the training tracks that have the values; 0 and 1 where none has, and a
        deviation of 0 counts as 1.
    """

    mean: np.ndarray
    deviation: np.ndarray

    @classmethod
    def of(cls, steps: np.ndarray) -> "Scaling":
        """Find it for values [shape=(n, steps, values)], not numbers where a step has none."""
        there = steps[~np.isnan(steps).any(axis=2)].astype(np.float64)
        if not len(there):
            there = np.zeros((1, steps.shape[2]))
        mean, deviation = there.mean(axis=0), there.std(axis=0)
        deviation[deviation == 0] = 1
        return cls(mean.astype(np.float32), deviation.astype(np.float32))

    def layer(self, name: str) -> layers.Layer:
        """Make a layer that does it."""
        return layers.Normalization(mean=self.mean, variance=self.deviation**2, name=name)


def at_steps(embeddings: np.ndarray, steps: int) -> np.ndarray:
    """Give each step of a track the embeddings of the patches whose middle lies in it.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(n, patches, size)]
        Of each patch, in the order of time; not a number where there is none.
    steps : int > 0
        Into how many equal steps the same stretch of time is divided.

    Returns
    -------
    np.ndarray [shape=(n, steps, size), dtype=float32]
        Of several, the mean; not a number where there is none.
    """
    count, patches, size = embeddings.shape
    there = ~np.isnan(embeddings).any(axis=2, keepdims=True)
    known = np.where(there, embeddings, 0.0)
    sums, heard = np.zeros((count, steps, size)), np.zeros((count, steps, 1))
    for patch in range(patches):
        step = (2 * patch + 1) * steps // (2 * patches)
        sums[:, step] += known[:, patch]
        heard[:, step] += there[:, patch]
    heard[heard == 0] = np.nan
    return (sums / heard).astype(np.float32)


def arrange(features: np.ndarray, embeddings: np.ndarray) -> np.ndarray:
    """Lay all that is known of each step side by side, in one array to train on.

    Parameters
    ----------
    features : np.ndarray [shape=(n, steps, features)]
        Raw features.
    embeddings : np.ndarray [shape=(n, steps, size)]
        A network's embedding; not a number where a step has none.

    Returns
    -------
    np.ndarray [shape=(n, steps, features + size + 1), dtype=float32]
        Features; embedding or zeros; 1 where there is an embedding, else 0.
    """
    heard = ~np.isnan(embeddings).any(axis=2, keepdims=True)
    parts = [features, np.where(heard, embeddings, 0.0), heard]
    return np.concatenate(parts, axis=2, dtype=np.float32)


def build_transformer(
    features: Scaling,
    embeddings: Scaling,
    *,
    steps: int,
    classes: int,
    width: int,
    blocks: int,
    heads: int,
    dropout: float,
    without: float,
) -> keras.Model:
    """Build the transformer.

    Parameters
    ----------
    features, embeddings : Scaling
        Of the raw features and the embeddings.
    steps : int > 0
        Steps of a track.
    classes : int > 1
        Number of genres.
    width : int > 0
        Values of a step inside; a multiple of `heads`.
    blocks : int >= 0
        Encoder blocks.
    heads : int > 0
        Attention heads of a block.
    dropout : float in [0, 1)
        Rate of dropout inside blocks, and ahead of the softmax.
    without : float in [0, 1)
        How often training leaves out what was heard of a track, all of it.

    Returns
    -------
    keras.Model
        From {"features": raw features [shape=(n, steps, features)], "embeddings" [shape=(n, steps,
        size)], "heard": 1 where a step has an embedding, else 0 [shape=(n, steps)]} to softmax
        [shape=(n, classes)]. It is not compiled. An embedding that was not heard may hold any
        value.
    """
    raw = keras.Input((steps, len(features.mean)), name="features")
    said = keras.Input((steps, len(embeddings.mean)), name="embeddings")
    heard = keras.Input((steps,), name="heard")
    mask = layers.Reshape((steps, 1))(heard)
    known = ops.where(mask > 0, embeddings.layer("embedding_scaling")(said), 0.0)
    known = layers.Concatenate()([known, mask])
    known = layers.Dropout(without, noise_shape=(None, 1, 1))(known)
    x = layers.Concatenate()([features.layer("feature_scaling")(raw), known])
    # A bias for each step is a learned position.
    x = layers.EinsumDense(
        "nsi,iw->nsw", output_shape=(steps, width), bias_axes="sw", name="projection"
    )(x)
    x = layers.Dropout(dropout)(x)
    for _ in range(blocks):
        x = _block(x, width=width, heads=heads, dropout=dropout)
    x = layers.GlobalAveragePooling1D()(_normalised(x))
    x = layers.Dropout(dropout)(x)
    softmax = layers.Dense(classes, activation="softmax", name="softmax")(x)
    inputs = {"features": raw, "embeddings": said, "heard": heard}
    return keras.Model(inputs, softmax, name="transformer")


def _block(x: keras.KerasTensor, *, width: int, heads: int, dropout: float) -> keras.KerasTensor:
    """Attention among steps, then a dense layer for each step; both are added to what is there."""
    y = _normalised(x)
    y = layers.MultiHeadAttention(heads, width // heads, dropout=dropout)(y, y)
    x = layers.Add()([x, layers.Dropout(dropout)(y)])
    y = gelu(layers.Dense(2 * width)(_normalised(x)))
    y = layers.Dense(width)(layers.Dropout(dropout)(y))
    return layers.Add()([x, layers.Dropout(dropout)(y)])


def _normalised(x: keras.KerasTensor) -> keras.KerasTensor:
    """Layer normalisation; a gain and a bias could do nothing that the next layer cannot."""
    centred = x - ops.mean(x, axis=-1, keepdims=True)
    return centred / deviation(ops.mean(ops.square(centred), axis=-1, keepdims=True))


def of_arranged(transformer: keras.Model) -> keras.Model:
    """A model that takes what `arrange` gives, and shares its weights with the transformer."""
    shapes = {tensor.name: tensor.shape for tensor in transformer.inputs}
    _, steps, features = shapes["features"]
    x = keras.Input((steps, features + shapes["embeddings"][2] + 1), name="steps")
    inputs = {
        "features": x[..., :features],
        "embeddings": x[..., features:-1],
        "heard": x[..., -1],
    }
    return keras.Model(x, transformer(inputs), name="arranged_transformer")
