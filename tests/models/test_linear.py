"""The linear classifier on embeddings: its choice, its network, and what is joined to it."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genre.models.beyond.linear import build_linear, fit_linear, join
from genre.training.saving import save_model


def data(n: int, *, seed: int, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Twenty inputs of unlike scale, of which the first tell the class; the last never changes."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    x = rng.normal(0, 1, (n, 20))
    x[:, :classes] += 1.5 * np.eye(classes)[y]
    x[:, -1] = 7.0
    return (x * 10.0 ** np.arange(-3, 3).repeat(4)[:20]).astype("f4"), y


@pytest.mark.parametrize("classes", [2, 3])
def test_the_network_gives_what_scikit_learn_gives(classes):
    train, val = data(60, seed=0, classes=classes), data(30, seed=1, classes=classes)
    linear = fit_linear(train, val, classes=classes, strengths=[0.1])
    expected = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=5000))
    expected.fit(*train)
    np.testing.assert_allclose(
        build_linear(linear).predict(val[0], verbose=0), expected.predict_proba(val[0]), atol=1e-5
    )


def test_validation_tracks_choose_the_penalty():
    train, val = data(60, seed=0), data(300, seed=1)
    losses = {
        strength: fit_linear(train, val, classes=3, strengths=[strength]).val_loss
        for strength in (1e-5, 0.1, 1e4)
    }
    found = fit_linear(train, val, classes=3, strengths=list(losses))
    assert (found.strength, found.val_loss) == (0.1, losses[0.1])
    assert losses[0.1] < min(losses[1e-5], losses[1e4])
    # Where training tracks are all that validation asks for, the least penalty is best.
    assert fit_linear(train, train, classes=3, strengths=list(losses)).strength == 1e4


@pytest.mark.parametrize("features", [0, 2])
def test_the_joined_model_takes_the_mean_of_the_patches_embeddings(features, tmp_path):
    patch = keras.Input((4, 3))
    network = keras.Model(patch, keras.layers.Dense(18)(keras.layers.Flatten()(patch)))
    (x, y), rng = data(60, seed=0), np.random.default_rng(2)
    size = 18 + features
    linear = build_linear(fit_linear((x[:, :size], y), (x[:, :size], y), classes=3, strengths=[1]))
    patches = rng.normal(size=(5, 7, 4, 3)).astype("f4")
    further = rng.normal(size=(5, features)).astype("f4")
    embedding = np.stack([network.predict(track, verbose=0).mean(axis=0) for track in patches])
    expected = linear.predict(np.hstack([embedding, further]), verbose=0)
    save_model(join(network, linear), tmp_path / "joined.keras")
    joined = keras.models.load_model(tmp_path / "joined.keras", safe_mode=True)
    inputs = [patches, further] if features else patches
    np.testing.assert_allclose(joined.predict(inputs, verbose=0), expected, atol=1e-6)
    assert joined.output_shape == (None, 3)


def test_the_network_is_built_once_however_many_patches_there_are():
    patch = keras.Input((4, 3))
    network = keras.Model(patch, keras.layers.Dense(18)(keras.layers.Flatten()(patch)))
    x, y = data(60, seed=0)
    linear = fit_linear((x[:, :18], y), (x[:, :18], y), classes=3, strengths=[1])
    traced = tf.function(join(network, build_linear(linear)))
    shapes = [(None, 2, 4, 3), (None, 9, 4, 3)]
    graphs = [traced.get_concrete_function(tf.TensorSpec(shape)).graph for shape in shapes]
    assert len({len(graph.get_operations()) for graph in graphs}) == 1
