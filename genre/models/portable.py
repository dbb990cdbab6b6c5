"""Functions that round the same on every processor with AVX2, which Keras's own do not.

TensorFlow computes `rsqrt`, `reciprocal` and `erfc` by instructions that only approximate, RSQRTPS
and RCPPS, and each maker of processors approximates in another way. Keras's normalisations take
the first, the gradient of a logarithm the second, and gelu the third. It factorises a matrix in
blocks whose size follows that of the processor's first cache, which Keras starts an LSTM with.
"""

import math

import keras
import numpy as np
from keras import ops

EPSILON = 1e-3  # added to a variance, as in Keras's layers
_LEAST = 1e-7  # that a class is held to be likely in a loss, as in Keras


def deviation(variance: keras.KerasTensor) -> keras.KerasTensor:
    """The standard deviation to normalise by, which is never 0."""
    # TensorFlow's graph optimiser makes a product by `rsqrt` of a quotient by a bare square root.
    return ops.maximum(ops.sqrt(variance + EPSILON), math.sqrt(EPSILON))


def affine(
    gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, variance: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What a batch normalisation multiplies by and adds, once it has learned.

    Parameters
    ----------
    gamma, beta, mean, variance : np.ndarray [shape=(channels,), dtype=float32]
        Its weights, in Keras's order.
    """
    scale = gamma / np.sqrt(variance + np.float32(EPSILON))
    return scale, beta - mean * scale


def orthogonal(shape: tuple[int, int], seed: int) -> np.ndarray:
    """Weights to start from of which all rows or all columns are orthonormal.

    A. Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks", 2014; those of `keras.initializers.Orthogonal`, but for their last bits.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    seed : int
        Of the normal distribution that they are made from.

    Returns
    -------
    np.ndarray [shape=shape, dtype=float32]
        The weights.
    """
    tall = (max(shape), min(shape))
    normal = ops.convert_to_numpy(keras.random.normal(tall, dtype="float32", seed=seed))
    q, r = np.linalg.qr(normal.astype(np.float64))
    q = (q * np.sign(np.diag(r))).astype(np.float32)
    return q if shape[0] >= shape[1] else q.T


def gelu(x: keras.KerasTensor) -> keras.KerasTensor:
    """The activation of D. Hendrycks and K. Gimpel, "Gaussian error linear units", 2016."""
    return 0.5 * x * (1.0 + ops.erf(x / math.sqrt(2.0)))


def cross_entropy(labels: keras.KerasTensor, softmax: keras.KerasTensor) -> keras.KerasTensor:
    """Cross-entropy of a softmax whose logits are not known, such as a mean of several.

    Of known logits Keras takes no logarithm of the softmax.

    Parameters
    ----------
    labels : tensor [shape=(n,), dtype=int]
        The class of each example.
    softmax : tensor [shape=(n, classes)]
        What is said of each.

    Returns
    -------
    tensor [shape=(n,)]
        The loss of each, as `keras.losses.sparse_categorical_crossentropy` has it where rows sum
        to 1.
    """
    chosen = ops.cast(ops.reshape(labels, (-1, 1)), "int32")
    said = ops.clip(ops.take_along_axis(softmax, chosen, axis=1), _LEAST, 1.0)
    constant = ops.stop_gradient(said)
    # The quotient is 1, and its gradient that of the logarithm.
    return ops.squeeze((1.0 - said / constant) - ops.log(constant), axis=1)
