"""A CNN that hears three seconds of sound at a time, from scratch.

Won, Ferraro, Bogdanov and Serra, "Evaluation of CNN-based automatic music tagging models", SMC
2020, found such a plain network, trained on short chunks, to be as good as more elaborate ones.
"""

from collections.abc import Sequence

import keras
from keras import layers, ops

from genre.models.portable import affine, deviation

_MOMENTUM = 0.9  # of batch normalisation; Keras's own takes more steps than small corpora have


class BatchNormalization(layers.BatchNormalization):  # type: ignore[misc]  # Keras has no types
    """Keras's batch normalisation by default, but that it rounds the same on every processor."""

    def call(self, inputs: keras.KerasTensor, training: bool | None = None) -> keras.KerasTensor:
        """Normalise by the batch in training, else by what batches had on average."""
        mean, variance = self.moving_mean, self.moving_variance
        if training and self.trainable:
            axes = list(range(len(inputs.shape) - 1))
            mean, variance = ops.moments(inputs, axes, synchronized=self.synchronized)
            for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moving.assign(self.momentum * moving + (1.0 - self.momentum) * value)
        scale = self.gamma / deviation(variance)
        return inputs * scale + (self.beta - mean * scale)


def build_short_chunk(
    widths: Sequence[int], *, shape: tuple[int, int], classes: int, dropout: float = 0.5
) -> keras.Model:
    """Build a CNN that takes the log-mel chunks of a track.

    Each block is a convolution 3 x 3 with batch normalisation, ReLU and the maximum of 2 x 2. What
    they hear anywhere in a chunk goes to a dense layer as wide as the last block. Chunks never
    mix: the softmax of a track is the mean of what the network says of each chunk by itself. So
    it can be trained on one chunk a track, and applied to all.

    Parameters
    ----------
    widths : sequence of int > 0
        Filters of each block; seven blocks of 128 to 512 in the paper.
    shape : (int, int)
        Frames and mel bands of a chunk.
    classes : int > 1
        Number of genres.
    dropout : float in [0, 1)
        Share of the dense layer's values that training leaves out.

    Returns
    -------
    keras.Model
        From log-mel chunks [shape=(n, chunks, frames, bands)], with any number of chunks, to
        softmax [shape=(n, classes)]. It is not compiled, and to be saved by way of `folded`.
    """
    chunks = keras.Input((None, *shape), name="chunks")
    x = layers.Reshape((-1, *shape, 1))(chunks)
    x = layers.Rescaling(0.5, -1.0)(x)
    for width in widths:
        # Of extent 1 along the chunks, this is a Conv2D that takes many at once.
        x = layers.Conv3D(width, (1, 3, 3), padding="same", use_bias=False)(x)
        x = BatchNormalization(momentum=_MOMENTUM)(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling3D((1, 2, 2), padding="same")(x)
    x = ops.max(x, axis=(2, 3))
    x = layers.Dense(widths[-1], use_bias=False)(x)
    x = BatchNormalization(momentum=_MOMENTUM)(x)
    x = layers.ReLU()(x)
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(classes, activation="softmax", name="softmax")(x)
    return keras.Model(chunks, layers.GlobalAveragePooling1D()(x), name="short_chunk")


def folded(trained: keras.Model) -> keras.Model:
    """Multiply what batch normalisation has learned into the layers ahead of it.

    Parameters
    ----------
    trained : keras.Model
        What `build_short_chunk` gave; it stays as it is. Of several devices, each of which has an
        average of its own, the first counts.

    Returns
    -------
    keras.Model
        The same function of layers that any Keras has, to be applied but not trained on.
    """

    def with_bias(layer: layers.Layer) -> layers.Layer:
        config = layer.get_config()
        if isinstance(layer, (layers.Conv3D, layers.Dense)):
            config["use_bias"] = True
        return type(layer).from_config(config)

    def without_normalisation(
        layer: keras.Operation, x: keras.KerasTensor, **kwargs: object
    ) -> keras.KerasTensor:
        return x if isinstance(layer, BatchNormalization) else layer(x, **kwargs)

    # Of a compiled model the loss would be cloned, too.
    untrained = keras.Model(trained.inputs, trained.outputs, name=trained.name)
    found = keras.models.clone_model(
        untrained, clone_function=with_bias, call_function=without_normalisation
    )
    for layer, after in zip(trained.layers, [*trained.layers[1:], None], strict=True):
        weights = layer.get_weights()
        if isinstance(after, BatchNormalization):
            scale, shift = affine(*after.get_weights())
            weights = [weights[0] * scale, shift]
        if weights and not isinstance(layer, BatchNormalization):
            found.get_layer(layer.name).set_weights(weights)
    return found
