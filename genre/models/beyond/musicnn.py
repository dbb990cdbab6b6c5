"""musicnn: a network that learned the tags of many songs, with the weights of its package.

Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging",
ISMIR 2019, late-breaking demo. The package's code needs TensorFlow 1; its weights do not.
"""

import ast
import functools
import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import keras
import numpy as np
from keras import layers, ops

from genre.errors import InputError
from genre.models.portable import affine

Name = Literal["MSD_musicnn", "MTT_musicnn"]  # by the songs: Million Song, MagnaTagATune

SHAPE = (187, 96)  # frames and mel bands of a patch
SHA256 = {  # of what is read of the package, joined
    "MSD_musicnn": "47ff52f26e8aba2d8690bcf741e7ac86de7473e5bad68913363056840f6da991",
    "MTT_musicnn": "c45ec2b9d446ec8c6b615d9145cc993dde6aa8bf3eaae52601b744ade9345d89",
}
_CONFIGURATION = "configuration.py"
_WIDE_PLACES, _LONG_PLACES = 6, 17  # the fastest; 17 divides the frames of a patch
_CONSTANT = 1e-7  # the most that a constant filter's output changes by a unit of its input


@dataclass(frozen=True)
class Convolution:
    """A convolution with ReLU and the batch normalisation behind it.

    Many kernels are zero but for rounding, in MSD_musicnn those of 497 of the 561 filters that
    hear the patch. Such a filter gives the same whatever it hears, and is not computed; the
    others are called live. That is a tenth of the work.

    Attributes
    ----------
    kernel : np.ndarray [shape=(time, frequency, 1, filters)]
        Times the scale of the batch normalisation, as is the bias.
    bias, shift : np.ndarray [shape=(filters,)]
        The output is activation(convolution + bias) + shift.
    positive : np.ndarray [shape=(filters,), dtype=bool]
        Where the scale is positive, the activation is max(x, 0), elsewhere min(x, 0): what ReLU
        becomes by a scale that is multiplied into the kernel. It never decreases, so that a
        maximum may be taken in front of it.
    """

    kernel: np.ndarray
    bias: np.ndarray
    shift: np.ndarray
    positive: np.ndarray

    @classmethod
    def read(cls, weights: dict[str, np.ndarray], number: int) -> "Convolution":
        """Take a convolution from the weights by its number, from 0 on."""
        name = f"conv2d_{number}" if number else "conv2d"
        scale, shift = _affine(weights, number + 1)
        kernel, bias = weights[f"{name}/kernel"], weights[f"{name}/bias"]
        return cls(kernel * scale, bias * scale, shift, scale > 0)

    @property
    def live(self) -> np.ndarray:
        """The filters that are not constant."""
        return np.flatnonzero(np.abs(self.kernel).sum(axis=(0, 1, 2)) >= _CONSTANT)

    @property
    def weights(self) -> list[np.ndarray]:
        """Kernel and bias of the live filters."""
        return [self.kernel[..., self.live], self.bias[self.live]]


def _affine(weights: dict[str, np.ndarray], number: int) -> tuple[np.ndarray, np.ndarray]:
    """What a batch normalisation multiplies by and adds, once it has learned."""
    name = f"batch_normalization_{number}" if number else "batch_normalization"
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    return affine(*(weights[f"{name}/{part}"] for part in parts))


def _activate(convolution: Convolution, x: keras.KerasTensor) -> keras.KerasTensor:
    positive = convolution.positive[convolution.live]
    return ops.where(positive, ops.maximum(x, 0.0), ops.minimum(x, 0.0))


def _with(
    weights: list[np.ndarray], layer: layers.Layer, x: keras.KerasTensor
) -> keras.KerasTensor:
    """Apply a new layer that has these weights."""
    y = layer(x)
    layer.set_weights(weights)
    return y


def _spread(convolutions: list[Convolution], x: keras.KerasTensor) -> keras.KerasTensor:
    """Put live filters where they stand among all, and the others' constants beside them."""
    channels = np.cumsum([0, *(len(each.bias) for each in convolutions)])
    live = [start + each.live for start, each in zip(channels, convolutions, strict=False)]
    places = np.concatenate(live)
    kernel = np.zeros((len(places), channels[-1]), np.float32)
    kernel[np.arange(len(places)), places] = 1.0
    bias, shift, positive = (
        np.concatenate([getattr(each, name) for each in convolutions])
        for name in ("bias", "shift", "positive")
    )
    constant = np.where(positive, np.maximum(bias, 0.0), np.minimum(bias, 0.0))
    constant[places] = 0.0
    return _with([kernel, constant + shift], layers.Dense(kernel.shape[1]), x)


def _front(patches: keras.KerasTensor, convolutions: list[Convolution]) -> keras.KerasTensor:
    """Hear timbre (wide filters) and rhythm (long ones), at the frequency where each is loudest."""
    parts = []
    for each in convolutions:
        kernel, bias = each.weights
        if kernel.shape[1] > 1:
            places = _in_all_places(patches, kernel[:, :, 0], bias, _WIDE_PLACES)
            loudest = functools.reduce(ops.maximum, [ops.max(y, axis=2) for y in places])
        else:
            before = (len(kernel) - 1) // 2
            padding = ((before, len(kernel) - 1 - before), (0, 0))
            times = ops.transpose(ops.pad(patches, ((0, 0), *padding)), (0, 2, 1))
            places = _in_all_places(times, kernel[None, :, 0, 0], bias, _LONG_PLACES)
            loudest = ops.concatenate([ops.max(y, axis=1) for y in places], axis=1)
        parts.append(_activate(each, loudest))
    return _spread(convolutions, ops.concatenate(parts, axis=-1))


def _in_all_places(
    x: keras.KerasTensor, kernel: np.ndarray, bias: np.ndarray, places: int
) -> list[keras.KerasTensor]:
    """Convolve two axes of which the first is padded by zeros and the second is not.

    A filter in so many neighbouring places of the second axis is as many filters, each with zeros
    where it does not reach. That makes large products of matrices, in which a processor is
    fastest; a two-dimensional convolution of one channel takes 1.4 times as long.

    Parameters
    ----------
    x : tensor [shape=(n, m, bands)]
        One channel.
    kernel : np.ndarray [shape=(height, width, filters)]
        What is laid over the two axes.
    bias : np.ndarray [shape=(filters,)]
        Of each filter.
    places : int > 0
        How many at once.

    Returns
    -------
    list of tensor [shape=(n, m, places, filters)]
        From the first place to the last. The last ones overlap if the number of places is no
        multiple.
    """
    height, width, filters = kernel.shape
    reach = width + places - 1
    shifted = np.zeros((height, reach, places, filters), np.float32)
    for place in range(places):
        shifted[:, place : place + width, place] = kernel
    layer = layers.Conv1D(places * filters, height, padding="same")
    last = x.shape[2] - reach
    found = []
    for start in range(0, last + places, places):
        part = layer(x[:, :, min(start, last) : min(start, last) + reach])
        found.append(ops.reshape(part, (-1, x.shape[1], places, filters)))
    layer.set_weights([shifted.reshape(height, reach, -1), np.tile(bias, places)])
    return found


def _middle(x: keras.KerasTensor, convolution: Convolution) -> keras.KerasTensor:
    kernel, bias = convolution.weights
    layer = layers.Conv1D(len(bias), len(kernel), padding="same")
    maps = _with([kernel[:, :, 0], bias], layer, x)
    return _spread([convolution], _activate(convolution, maps))


def build_musicnn(weights: dict[str, np.ndarray]) -> keras.Model:
    """Build the network with its weights.

    Parameters
    ----------
    weights : dict
        The variables of the package's checkpoint by name.

    Returns
    -------
    keras.Model
        From patches [shape=(n, 187, 96)] of `genre.features.patches` to a list: the maximum and
        the mean over time of the front's and the middle's outputs [shape=(n, 753) each], the
        penultimate layer [shape=(n, 200)], and the probabilities of the tags [shape=(n, 50)].
    """
    convolutions = [Convolution.read(weights, number) for number in range(8)]
    patches = keras.Input(SHAPE, name="patch")
    scale, shift = _affine(weights, 0)
    x = layers.Rescaling(float(scale[0]), float(shift[0]))(patches)
    front = _front(x, convolutions[:5])
    first = _middle(front, convolutions[5])
    second = first + _middle(first, convolutions[6])
    third = second + _middle(second, convolutions[7])
    everything = ops.concatenate([front, first, second, third], axis=-1)
    maximum, mean = ops.max(everything, axis=1), ops.mean(everything, axis=1)
    x = layers.Flatten()(ops.stack([maximum, mean], axis=-1))
    x = layers.Rescaling(*_affine(weights, 9))(x)
    dense, tags = ([weights[f"{name}/kernel"], weights[f"{name}/bias"]]
                   for name in ("dense", "dense_1"))  # fmt: skip
    x = _with(dense, layers.Dense(len(dense[1]), activation="relu"), x)
    penultimate = layers.Rescaling(*_affine(weights, 10))(x)
    x = _with(tags, layers.Dense(len(tags[1]), activation="sigmoid"), penultimate)
    model = keras.Model(patches, [maximum, mean, penultimate, x], name="musicnn")
    model.trainable = False
    return model


def load_musicnn(name: Name) -> keras.Model:
    """Build a network with the weights that its package carries.

    Parameters
    ----------
    name : {"MSD_musicnn", "MTT_musicnn"}
        The network that learned from the Million Song Dataset, or from MagnaTagATune.

    Returns
    -------
    keras.Model
        See `build_musicnn`.

    Raises
    ------
    InputError
        If the package is not installed, or its files are not those of version 0.1.0.
    """
    folder = _package(name)
    # Not at the top: this is the only use of TensorFlow itself, and JAX may be the backend.
    import tensorflow as tf

    reader = tf.compat.v1.train.NewCheckpointReader(f"{folder / name}/")  # the files have no names
    names = [each for each in reader.get_variable_to_shape_map() if "Adam" not in each]
    return build_musicnn({each: reader.get_tensor(each) for each in names})


def embedder(network: keras.Model) -> keras.Model:
    """The network that gives one embedding of a patch: all but the tags, side by side."""
    said = layers.Concatenate()(network.outputs[:-1])
    return keras.Model(network.inputs, said, name=network.name)


def tags_of(name: Name) -> list[str]:
    """The 50 tags of a network in the order of its output; many are genres.

    Raises
    ------
    InputError
        As `load_musicnn`.
    """
    module = ast.parse((_package(name) / _CONFIGURATION).read_text(encoding="utf-8"))
    labels = f"{name.partition('_')[0]}_LABELS"
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == labels:
            tags: list[str] = ast.literal_eval(node.value)
    return tags


def _package(name: Name) -> Path:
    """The folder of the package, once what is read of it is known to be right."""
    found = find_spec("musicnn")
    if found is None or not found.submodule_search_locations:
        raise InputError("musicnn is not installed: pip install --no-deps -r requirements.txt")
    folder = Path(found.submodule_search_locations[0])
    files = (f"{name}/.data-00000-of-00001", f"{name}/.index", _CONFIGURATION)
    digest = hashlib.sha256()
    for file in files:
        digest.update((folder / file).read_bytes() if (folder / file).is_file() else b"")
    if digest.hexdigest() != SHA256[name]:
        raise InputError(
            f"{folder}: not the files of musicnn 0.1.0: pip uninstall musicnn, and then "
            "pip install --no-deps -r requirements.txt"
        )
    return folder
