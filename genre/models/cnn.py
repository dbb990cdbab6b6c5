"""The study's two CNNs, from picture to genre."""

import keras
from keras import layers

EMBEDDING = "embedding"  # name of the layer whose 128 values the hybrid reads
_CONVOLUTIONS = ((64, 6), (128, 4), (256, 4))  # filters and kernel, in px, of the improved CNN
_POOLS = (6, 4, 4)  # px, at the study's picture sizes


def build_cnn(architecture: str, *, shape: tuple[int, int, int], classes: int) -> keras.Model:
    """Build a CNN that takes raw pictures.

    Parameters
    ----------
    architecture : {"naive", "improved"}
        Which of the study's two.
    shape : (int, int, int)
        Height and width in px, and channels of the pictures.
    classes : int > 1
        Number of genres.

    Returns
    -------
    keras.Model
        From pictures [shape=(n, height, width, channels)], pixels 0 to 255, to softmax
        [shape=(n, classes)]. It is not compiled.

    Raises
    ------
    ValueError
        If there is no such architecture, or if the pictures are too small for its convolutions.
    """
    pictures = keras.Input(shape, name="picture")
    x = layers.Rescaling(1.0 / 255.0)(pictures)
    if architecture == "naive":
        x = layers.Conv2D(32, 3, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.Conv2D(64, 3, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.Flatten()(x)
    elif architecture == "improved":
        pools = pool_sizes(min(shape[:2]))
        for (filters, kernel), pool in zip(_CONVOLUTIONS, pools, strict=True):
            x = layers.Conv2D(filters, kernel, activation="relu")(x)
            x = layers.MaxPooling2D(pool)(x)
        x = layers.Flatten()(x)
        x = layers.Dropout(0.5)(x)
        penalty = keras.regularizers.L1L2(l1=1e-3, l2=1e-3)
        x = layers.Dense(128, activation="relu", kernel_regularizer=penalty, name=EMBEDDING)(x)
        x = layers.Dropout(0.3)(x)
    else:
        raise ValueError(f"architecture: {architecture!r} is not one of naive, improved")
    softmax = layers.Dense(classes, activation="softmax", name="softmax")(x)
    return keras.Model(pictures, softmax, name=f"{architecture}_cnn")


def pool_sizes(side: int) -> tuple[int, int, int]:
    """Fit the improved CNN's poolings to small pictures.

    The study's poolings 6, 4, 4 leave nothing of a picture with a side under 191 px. Each in turn
    is the largest, up to the study's, that leaves something for the layers behind it.

    Parameters
    ----------
    side : int
        The shorter side of the pictures in px.

    Returns
    -------
    tuple of int
        The three poolings in px.

    Raises
    ------
    ValueError
        If the convolutions alone leave nothing.
    """
    pools = [1, 1, 1]
    if not _fits(side, pools):
        raise ValueError(f"pictures with a side of {side} px are too small for this CNN")
    for layer, largest in enumerate(_POOLS):
        while pools[layer] < largest and _fits(side, [*pools[:layer], pools[layer] + 1, 1, 1]):
            pools[layer] += 1
    first, second, third = pools
    return first, second, third


def _fits(side: int, pools: list[int]) -> bool:
    """Whether something is left of a side behind all convolutions and poolings."""
    for (_, kernel), pool in zip(_CONVOLUTIONS, pools, strict=False):
        side = (side - kernel + 1) // pool
    return side >= 1


def with_embedding(cnn: keras.Model) -> keras.Model:
    """A CNN that gives what `embedder` does, and its softmax, in one pass."""
    return keras.Model(cnn.input, [embedder(cnn).output, cnn.output], name=cnn.name)


def embedder(cnn: keras.Model) -> keras.Model:
    """The part of a CNN from picture to the values that the hybrid reads.

    These are the 128 of the improved CNN's dense layer. The naive CNN has none: there it is the
    softmax.
    """
    names = [layer.name for layer in cnn.layers]
    output = cnn.get_layer(EMBEDDING).output if EMBEDDING in names else cnn.output
    return keras.Model(cnn.input, output, name="embedder")
