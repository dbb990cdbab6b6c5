import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops

from genre.models.beyond.transformer import Scaling, build_transformer, of_arranged
from genre.models.cnn import build_cnn, embedder
from genre.models.hybrid import build_hybrid, join
from genre.models.rnn import build_rnn, with_scaling
from genre.training import cost
from genre.training.cost import Cost, cost_of, measure


def products(shape, *stack, length=None):
    inputs = keras.Input(shape)
    x = inputs
    for layer in stack:
        x = layer(x)
    return cost_of(keras.Model(inputs, x), length=length).multiply_adds


def transformer():
    scaling = [Scaling(np.zeros(n, "f4"), np.ones(n, "f4")) for n in (57, 200)]
    settings = {"width": 64, "blocks": 2, "heads": 4, "dropout": 0.1, "without": 0.1}
    return build_transformer(*scaling, steps=10, classes=7, **settings)


def test_layers_cost_what_a_count_by_hand_gives():
    assert products((6,), layers.Dense(5), layers.ReLU(), layers.Dense(2)) == 6 * 5 + 5 * 2
    assert products((3, 4, 6), layers.Dense(5, use_bias=False)) == 3 * 4 * 6 * 5
    assert products((9, 8, 2), layers.Conv2D(5, (3, 4))) == 7 * 5 * (3 * 4 * 2 * 5)
    strided = layers.Conv2D(6, 3, strides=2, padding="same", groups=2)
    assert products((9, 8, 2), layers.BatchNormalization(), strided) == 5 * 4 * (9 * 1 * 6)
    assert products((9, 2), layers.Conv1D(5, 4)) == 6 * (4 * 2 * 5)
    assert products((4, 9, 8, 2), layers.Conv3D(5, (1, 3, 3))) == 4 * 7 * 6 * (9 * 2 * 5)
    assert products((7, 3), layers.LSTM(4)) == 7 * (4 * 3 * 4 + 4 * 4 * 4)
    einsum = layers.EinsumDense("nsi,iw->nsw", output_shape=(7, 5), bias_axes="sw")
    assert products((7, 3), einsum, layers.LayerNormalization()) == 7 * 3 * 5


def test_attention_costs_what_a_count_by_hand_gives():
    inputs, others = keras.Input((10, 8)), keras.Input((7, 6))
    x = layers.MultiHeadAttention(2, 3, value_dim=5)(inputs, others)
    projections = 10 * (8 * 2 * 3) + 7 * (6 * 2 * 3) + 7 * (6 * 2 * 5) + 10 * (2 * 5 * 8)
    scores, means = 2 * 10 * 7 * 3, 2 * 10 * 7 * 5
    model = keras.Model([inputs, others], x)
    assert cost_of(model) == Cost(model.count_params(), projections + scores + means)


def test_the_models_cost_what_a_count_by_hand_gives():
    cnn = build_cnn("improved", shape=(48, 72, 1), classes=10)
    # After the poolings 6, 1 and 1 the convolutions give 43 x 67, 4 x 8 and 1 x 5 values a filter.
    convolutions = 43 * 67 * (36 * 64) + 4 * 8 * (16 * 64 * 128) + 5 * (16 * 128 * 256)
    by_hand = convolutions + 5 * 256 * 128 + 128 * 10
    assert cost_of(cnn) == Cost(cnn.count_params(), by_hand)

    hybrid = build_hybrid(inputs=185, classes=10)
    neutral = np.zeros(57, "f4"), np.ones(57, "f4")
    joined = cost_of(join(embedder(cnn), hybrid, *neutral))
    ends = 185 * 128 + 128 * 64 + 64 * 10
    assert joined.multiply_adds == by_hand - 128 * 10 + ends
    assert joined.parameters == cnn.count_params() - 1290 + hybrid.count_params()

    rnn = build_rnn("advanced", shape=(10, 57), classes=10)
    steps = 4 * (64 * (57 + 64) + 32 * (64 + 32) + 16 * (32 + 16))
    assert cost_of(with_scaling(rnn, *neutral)) == Cost(46_954, 10 * steps + 16 * 10)


def test_a_transformer_costs_what_a_count_by_hand_gives():
    model = transformer()
    projections, scores = 4 * 10 * 64 * 64, 2 * 10 * 10 * 64
    block = projections + scores + 2 * 10 * 64 * 128
    expected = Cost(model.count_params(), 10 * 258 * 64 + 2 * block + 64 * 7)
    assert cost_of(model) == expected
    assert cost_of(of_arranged(model)) == expected


def test_every_call_of_a_layer_or_of_a_model_is_counted():
    inputs = keras.Input((4, 6))
    dense = layers.Dense(6, name="dense")
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(5)])
    x = dense(inputs[:, 0]) + dense(dense(inputs[:, 1]))
    model = keras.Model(inputs, [inner(x), inner(ops.relu(x))])
    for _ in range(2):
        assert cost_of(model) == Cost(42 + 35, 3 * 36 + 2 * 30)


def test_an_open_dimension_counts_as_the_caller_says():
    assert products((None, 6), layers.Dense(4), length=5) == 5 * 6 * 4
    with pytest.raises(ValueError, match="leaves a dimension open"):
        products((None, 6), layers.Dense(4))


def test_a_layer_with_weights_that_is_not_known_is_an_error():
    with pytest.raises(ValueError, match="my_gru: what a GRU costs is not known"):
        products((7, 3), layers.GRU(4, name="my_gru"))
    inputs = keras.Input((7, 3))
    with pytest.raises(ValueError, match="what a Matmul costs is not known"):
        cost_of(keras.Model(inputs, ops.matmul(inputs, ops.transpose(inputs, (0, 2, 1)))))
    assert products((7, 3), layers.Dropout(0.5), layers.Flatten()) == 0


def test_a_model_costs_what_a_track_takes_of_it(monkeypatch):
    clock = itertools.count(0.0, 3.0)
    monkeypatch.setattr(cost.time, "perf_counter", lambda: next(clock))
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(5)(inputs))
    applied = []
    found = measure(model, lambda: applied.append(1), 12, times=3, after="musicnn")
    assert applied == [1]
    assert found == {
        "parameters": 25, "multiply_adds": 3 * 20, "milliseconds": pytest.approx(250.0),
        "after": "musicnn",
    }  # fmt: skip
    assert "after" not in measure(model, lambda: None, 1)
