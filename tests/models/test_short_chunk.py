"""The short-chunk CNN: what it takes, and that a track is the mean of its chunks."""

import keras
import numpy as np
import pytest
from keras import layers

from genre.models.beyond.short_chunk import (
    BatchNormalization,
    build_short_chunk,
    folded,
)
from genre.training.saving import save_model

SHAPE = (40, 16)


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(23)
    model = build_short_chunk([4, 8, 8], shape=SHAPE, classes=3)
    # As if it had learned something: what batch normalisation starts from would hide a mistake.
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.2, 1.0, w.shape) - 0.55 * (w.ndim > 1) for w in
                       model.get_weights()])  # fmt: skip
    return model


def test_the_softmax_of_a_track_is_the_mean_over_its_chunks(model):
    chunks = 3 * np.random.default_rng(1).random((2, 5, *SHAPE), dtype="f4")
    whole = model.predict(chunks, verbose=0)
    alone = model.predict(chunks.reshape(10, 1, *SHAPE), verbose=0)
    np.testing.assert_allclose(whole, alone.reshape(2, 5, 3).mean(axis=1), atol=1e-6)
    np.testing.assert_allclose(whole.sum(axis=1), 1.0, atol=1e-6)
    assert np.abs(alone - alone.mean(axis=0)).max() > 1e-3


def test_what_is_heard_anywhere_in_a_chunk_counts(model):
    quiet = np.zeros((2, 1, *SHAPE), "f4")
    quiet[0, 0, 3:8], quiet[1, 0, 30:35] = 3.0, 3.0
    one, other = model.predict(quiet, verbose=0)
    silent = model.predict(np.zeros((1, 1, *SHAPE)), verbose=0)[0]
    assert np.abs(one - silent).max() > 2 * np.abs(one - other).max()


def test_a_saved_model_is_plain_keras(model, tmp_path):
    chunks = 3 * np.random.default_rng(2).random((2, 4, *SHAPE), dtype="f4")
    plain = folded(model)
    save_model(plain, tmp_path / "short.keras")
    loaded = keras.models.load_model(tmp_path / "short.keras", safe_mode=True)
    assert all(type(layer) is getattr(layers, type(layer).__name__) for layer in loaded.layers)
    softmax = loaded.predict(chunks, verbose=0)
    np.testing.assert_array_equal(softmax, plain.predict(chunks, verbose=0))
    np.testing.assert_allclose(softmax, model.predict(chunks, verbose=0), atol=1e-6)
    assert softmax.std(axis=0).max() > 1e-3


def test_batch_normalisation_is_that_of_keras():
    x = np.random.default_rng(3).normal(5, 3, size=(16, 2, 7, 5, 4)).astype("f4")
    ours, theirs = (kind(momentum=0.9) for kind in (BatchNormalization, layers.BatchNormalization))
    for _ in range(3):
        np.testing.assert_allclose(ours(x, training=True), theirs(x, training=True), atol=1e-5)
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-5)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)
    assert abs(ours.moving_mean.numpy().mean()) > 1
