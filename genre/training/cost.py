"""What a model costs: its parameters, and the multiplications and the time that a track takes."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import keras
from keras import layers

# Layers with weights that multiply each value once, or not at all: too little to count.
_ELEMENTWISE = (
    layers.BatchNormalization,
    layers.Embedding,
    layers.LayerNormalization,
    layers.Normalization,
)
_PRODUCTS = ("Conv", "Dot", "DotProductAttention", "Einsum", "Matmul", "Tensordot")  # keras.ops

_Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Cost:
    """What a model costs.

    Attributes
    ----------
    parameters : int
        All weights, trained or not.
    multiply_adds : int
        Multiplications, each with an addition, in the matrix products, convolutions and attention
        of one example. What is done value by value, such as biases, activations, poolings and
        normalisations, is not counted.
    """

    parameters: int
    multiply_adds: int


def cost_of(model: keras.Model, *, length: int | None = None) -> Cost:
    """Count what a model costs.

    Parameters
    ----------
    model : keras.Model
        A model that is functional or sequential, and may hold others.
    length : int > 0, optional
        What a dimension of its inputs counts as that it leaves open, such as the patches of a
        track.

    Returns
    -------
    Cost
        For one example.

    Raises
    ------
    ValueError
        If the model has a layer with weights or a product of a type that is not known here, or an
        open dimension without `length`.
    """
    return Cost(model.count_params(), _of_model(model, length))


def measure(
    model: keras.Model,
    apply: Callable[[], object],
    tracks: int,
    *,
    length: int | None = None,
    times: int = 1,
    after: str = "",
) -> dict[str, object]:
    """Measure what a model costs a track, from its inputs on.

    Parameters
    ----------
    model : keras.Model
        The model.
    apply : callable
        Applies it to some tracks, once more than was done already: a first time compiles.
    tracks : int > 0
        To how many.
    length : int > 0, optional
        What `cost_of` takes.
    times : int > 0
        How often a track takes it.
    after : str
        The model whose output it reads, which costs what it costs besides.

    Returns
    -------
    dict
        "parameters"; "multiply_adds" and "milliseconds" of a track; "after".
    """
    start = time.perf_counter()
    apply()
    seconds = time.perf_counter() - start
    cost = cost_of(model, length=length)
    return {
        "parameters": cost.parameters,
        "multiply_adds": times * cost.multiply_adds,
        "milliseconds": round(1000 * seconds / tracks, 3),
        **({"after": after} if after else {}),
    }


def _of_model(model: keras.Model, length: int | None) -> int:
    """Count while a clone of the model is built, call by call: a layer may have several."""
    counts = []

    def call(layer: keras.Operation, *args: object, **kwargs: object) -> object:
        output = layer(*args, **kwargs)
        given = keras.tree.flatten((args, kwargs))
        shapes = [each.shape for each in given if isinstance(each, keras.KerasTensor)]
        counts.append(_of_layer(layer, shapes, length))
        return output

    def filled(tensor: keras.KerasTensor) -> keras.KerasTensor:
        shape = [length if size is None else size for size in tensor.shape[1:]]
        return keras.Input(shape, dtype=tensor.dtype, name=tensor.name)

    functional = keras.Model(model.inputs, model.outputs)
    inputs = [filled(tensor) for tensor in model.inputs]
    keras.models.clone_model(functional, input_tensors=inputs, call_function=call)
    return sum(counts)


def _of_layer(layer: keras.Operation, shapes: list[_Shape], length: int | None) -> int:
    """Multiply-adds of one call, by the shapes of its inputs."""
    match layer:
        case keras.Model():
            return _of_model(layer, length)
        case layers.Layer() if not layer.weights or isinstance(layer, _ELEMENTWISE):
            return 0
        case layers.MultiHeadAttention():
            return _attention(layer, shapes)
        case layers.Conv1D() | layers.Conv2D() | layers.Conv3D():
            output = layer.compute_output_shape(shapes[0])
            last = layer.data_format == "channels_last"
            return _size(output[1:-1] if last else output[2:]) * _size(layer.kernel.shape)
        case layers.Dense():
            return _size(shapes[0][1:-1]) * _size(layer.kernel.shape)
        case layers.EinsumDense():
            return _einsum(layer, shapes[0])
        case layers.LSTM():
            kernels = (layer.cell.kernel, layer.cell.recurrent_kernel)
            return _size(shapes[0][1:2]) * sum(_size(kernel.shape) for kernel in kernels)
    if isinstance(layer, layers.Layer) or type(layer).__name__ in _PRODUCTS:
        raise ValueError(f"{layer.name}: what a {type(layer).__name__} costs is not known")
    return 0


def _size(shape: Iterable[int | None]) -> int:
    found = 1
    for dimension in shape:
        if dimension is None:
            raise ValueError("the model leaves a dimension open: say by length what it counts as")
        found *= dimension
    return found


def _einsum(layer: layers.EinsumDense, shape: _Shape) -> int:
    """One product for each combination of all indices, but for the batch's, which is the first."""
    inputs, kernel, _ = re.split(",|->", layer.equation)
    sizes = dict(zip(inputs, shape, strict=True))
    sizes |= zip(kernel, layer.kernel.shape, strict=True)
    del sizes[inputs[0]]
    return _size(sizes.values())


def _attention(layer: layers.MultiHeadAttention, shapes: list[_Shape]) -> int:
    """Projections to queries, keys and values, and back; scores; and the means by the scores."""
    queries, keys = (_size(shape[1:-1]) for shape in (shapes[0], shapes[-1]))
    heads, width = layer.query_dense.kernel.shape[1:]
    depth = layer.value_dense.kernel.shape[2]
    products: int = queries * keys * heads * (width + depth)
    for count, dense in (
        (queries, layer.query_dense),
        (keys, layer.key_dense),
        (keys, layer.value_dense),
        (queries, layer.output_dense),
    ):
        products += count * _size(dense.kernel.shape)
    return products
