"""What is computed otherwise than in Keras: that it is the same, and from what."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from genre.models.beyond.linear import build_linear, fit_linear
from genre.models.beyond.linear import join as join_linear
from genre.models.beyond.musicnn import embedder, load_musicnn
from genre.models.beyond.short_chunk import build_short_chunk, folded
from genre.models.beyond.transformer import Scaling, build_transformer, of_arranged
from genre.models.cnn import build_cnn
from genre.models.hybrid import build_hybrid
from genre.models.portable import cross_entropy, deviation, gelu, orthogonal
from genre.models.rnn import build_rnn, with_scaling

APPROXIMATE = {"Rsqrt", "RsqrtGrad", "Reciprocal", "ReciprocalGrad", "Inv", "InvGrad", "Erfc"}


def test_deviation_and_activation_are_those_of_keras():
    x = np.random.default_rng(0).normal(0, 3, size=(50, 8)).astype("f4")
    ours = (x - x.mean(axis=1, keepdims=True)) / deviation(x.var(axis=1, keepdims=True))
    theirs = keras.layers.LayerNormalization()(x)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    np.testing.assert_allclose(gelu(tf.constant(x)), keras.activations.gelu(x), atol=1e-6)
    assert deviation(np.zeros(1, "f4")) > 0


def test_the_loss_and_its_gradient_are_those_of_keras():
    rng = np.random.default_rng(4)
    softmax = rng.dirichlet(np.ones(5), size=20).astype("f4")
    softmax[0, 1:], softmax[0, 0] = 0.0, 1.0
    labels = rng.integers(1, 5, size=20)
    losses, gradients = [], []
    for loss in (cross_entropy, keras.losses.sparse_categorical_crossentropy):
        # Of logarithms, of which alone the gradients say the same: Keras's adds a constant to each.
        x = tf.constant(np.log(softmax + np.float32(1e-12)))
        with tf.GradientTape() as tape:
            tape.watch(x)
            losses.append(loss(labels, tf.nn.softmax(x) + 0.0))
        gradients.append(tape.gradient(losses[-1], x))
    np.testing.assert_allclose(*losses, rtol=1e-5)
    np.testing.assert_allclose(*gradients, atol=1e-5)


@pytest.mark.parametrize("shape", [(64, 256), (256, 64), (16, 16)])
def test_weights_to_start_from_are_those_of_keras(shape):
    ours = orthogonal(shape, seed=5)
    np.testing.assert_allclose(ours, keras.initializers.Orthogonal(seed=5)(shape), atol=1e-5)
    small = ours.T if shape[0] > shape[1] else ours
    np.testing.assert_allclose(small @ small.T, np.eye(min(shape)), atol=1e-5)


def test_no_network_starts_from_a_matrix_that_tensorflow_has_factorised():
    looked_at = set()
    for name, (model, _) in networks().items():
        for layer in model._flatten_layers():
            found = [value for value in vars(layer).values()
                     if isinstance(value, keras.initializers.Orthogonal)]  # fmt: skip
            for initializer in found:
                weights = layer.recurrent_kernel
                ours = orthogonal(weights.shape, initializer.seed)
                assert np.array_equal(weights, ours), (name, layer.path)
                looked_at.add(name)
    assert looked_at >= {"naive rnn", "advanced rnn"}


def networks() -> dict[str, tuple[keras.Model, Any]]:
    """What the pipeline trains and applies, and the loss of each; none where it only applies."""
    loss = "sparse_categorical_crossentropy"
    scalings = (Scaling(np.zeros(size, "f4"), np.ones(size, "f4")) for size in (3, 5))
    transformer = build_transformer(
        *scalings, steps=6, classes=4, width=16, blocks=2, heads=4, dropout=0.1, without=0.2
    )
    short_chunk = build_short_chunk([4, 8], shape=(40, 16), classes=4)
    cnns = {name: build_cnn(name, shape=(48, 72, 1), classes=4) for name in ("naive", "improved")}
    rnns = {f"{name} rnn": build_rnn(name, shape=(10, 57), classes=4)
            for name in ("naive", "advanced")}  # fmt: skip
    musicnn = embedder(load_musicnn("MSD_musicnn"))
    rng, size = np.random.default_rng(0), musicnn.output_shape[1]
    heard = rng.normal(size=(8, size)), np.arange(8) % 4
    linear = build_linear(fit_linear(heard, heard, classes=4, strengths=[0.1]))
    return {
        **{name: (model, loss) for name, model in {**cnns, **rnns}.items()},
        "scaled rnn": (with_scaling(rnns["advanced rnn"], np.zeros(57), np.ones(57)), None),
        "hybrid": (build_hybrid(inputs=185, classes=4), loss),
        "short-chunk": (short_chunk, cross_entropy),
        "folded": (folded(short_chunk), None),
        "transformer": (of_arranged(transformer), loss),
        "musicnn": (musicnn, None),
        "linear": (linear, None),
        "joined linear": (join_linear(musicnn, linear), None),
    }


def operations(step: Callable[..., Any], *specs: tf.TensorSpec) -> tuple[set[str], set[str]]:
    """The types of all nodes of a step's graph, and of what is divided by, but for one number."""
    graph = tf.function(step).get_concrete_function(*specs).graph.as_graph_def()
    types, divisors = set(), set()
    for nodes in (graph.node, *(each.node_def for each in graph.library.function)):
        named = {node.name: node for node in nodes}
        types |= {node.op for node in nodes}
        for node in nodes:
            divisor = named.get(node.input[1].split(":")[0]) if node.op == "RealDiv" else None
            if divisor and not (
                divisor.op == "Const" and tf.make_ndarray(divisor.attr["value"].tensor).size == 1
            ):
                divisors.add(divisor.op)
    return types, divisors


def test_no_network_computes_what_processors_approximate():
    """Nor divides by what TensorFlow's graph optimiser makes a product with such a thing of.

    That are a bare square root, and a constant of many values.
    """
    for name, (model, loss) in networks().items():
        shape = model.inputs[0].shape[1:]
        x = tf.TensorSpec((16, *(size or 2 for size in shape)), "float32")
        steps = {"apply": (lambda x, model=model: model(x, training=False), [x])}
        if loss is not None:
            model.compile(keras.optimizers.Adam(), loss)
            batch = [x, tf.TensorSpec((16,), "int64")]
            steps |= {
                "train": (lambda x, y, model=model: model.train_step((x, y)), batch),
                "test": (lambda x, y, model=model: model.test_step((x, y)), batch),
            }
        for step, (function, specs) in steps.items():
            types, divisors = operations(function, *specs)
            assert types & {"MatMul", "BatchMatMulV2", "Conv2D", "Conv3D", "Einsum"}, (name, step)
            assert types.isdisjoint(APPROXIMATE), (name, step, types & APPROXIMATE)
            assert divisors.isdisjoint({"Sqrt", "Const"}), (name, step, divisors)


def test_what_keras_has_would_be_found():
    x = tf.TensorSpec((16, 8), "float32")
    layer = keras.layers.LayerNormalization()
    layer.build((16, 8))
    assert "Rsqrt" in operations(layer, x)[0]
    assert "Erfc" in operations(keras.activations.gelu, x)[0]
    assert "Sqrt" in operations(lambda x: x / keras.ops.sqrt(x + 1.0), x)[1]
    assert "Const" in operations(lambda x: x / np.arange(1, 9, dtype="f4"), x)[1]
