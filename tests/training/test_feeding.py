"""Batches as models read them."""

import keras
import numpy as np
import pytest

from genre.training import devices
from genre.training.fitting import Batches, fit, predict

X, Y = np.arange(50, dtype=np.uint8)[:, None], np.arange(50)


def read(fed) -> tuple[list[int], list[int]]:
    x, y = zip(*((np.asarray(x), np.asarray(y)) for x, y in fed), strict=True)
    return list(np.concatenate(x)[:, 0]), list(np.concatenate(y))


def test_examples_come_in_the_order_of_the_batches_in_every_epoch():
    batches = Batches(X, Y, 16, np.random.default_rng(0))
    fed = devices.feed(batches)
    orders = []
    for _ in range(2):
        expected = list(np.concatenate([batches[k][1] for k in range(len(batches))]))
        x, y = read(fed)
        assert x == y == expected
        orders.append(y)
        batches.shuffle()
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(50))
    assert len(fed) == 4


def test_a_training_sees_each_example_once_an_epoch_and_shuffles_between_epochs():
    seen = []

    class Seen(Batches):
        def __getitem__(self, index):
            x, y = super().__getitem__(index)
            seen.extend(y)
            return x, y

    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Dense(50, "softmax")(inputs))
    batches = Seen(X, Y, 16, np.random.default_rng(0))
    fit(
        model, batches, (X, Y), np.random.default_rng(0), parameter="", learning_rate=0.01,
        schedule="constant", batch_size=16, epochs=3, patience=None,
    )  # fmt: skip
    epochs = [seen[-50 * k : len(seen) - 50 * (k - 1)] for k in (3, 2, 1)]
    assert all(sorted(epoch) == list(range(50)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]


def test_examples_of_several_inputs_and_of_several_lengths_are_read():
    x = {"one": np.ones((5, 3)), "other": np.zeros((5, 2), np.float32)}
    [(first, _), *_] = iter(devices.feed(Batches(x, np.zeros(5), 2)))
    assert {name: tuple(part.shape) for name, part in first.items()} == {
        "one": (2, 3),
        "other": (2, 2),
    }

    class Lengths(Batches):
        def __getitem__(self, index):
            return np.ones((1, index + 1, 3)), np.zeros(1)

    lengths = [x.shape[1] for x, _ in devices.feed(Lengths(X[:4], Y[:4], 1))]
    assert lengths == [1, 2, 3, 4]


def test_one_batch_is_enough():
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Rescaling(2.0)(inputs))
    [found] = predict(model, X[:3])
    assert found[:, 0] == pytest.approx([0, 2, 4])
