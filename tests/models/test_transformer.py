import keras
import numpy as np
import pytest

from genre.models.beyond.transformer import (
    Scaling,
    arrange,
    at_steps,
    build_transformer,
    of_arranged,
)
from genre.training import devices
from genre.training.saving import save_model

devices.prepare(23, backend="tensorflow", deterministic=True, split_operations=False)

SETTINGS = {"width": 16, "blocks": 2, "heads": 4, "dropout": 0.1, "without": 0.2}


def tracks(rng, count, *, steps=6, features=3, size=5):
    """Raw features of any scale, and embeddings of every third step."""
    x = rng.normal(loc=50, scale=1000, size=(count, steps, features)).astype("f4")
    embeddings = rng.normal(loc=-3, scale=7, size=(count, steps, size)).astype("f4")
    embeddings[:, np.arange(steps) % 3 != 0] = np.nan
    return x, embeddings


def build(x, embeddings, *, classes=4, **changed):
    keras.utils.set_random_seed(1)
    scalings = Scaling.of(x), Scaling.of(embeddings)
    return build_transformer(*scalings, steps=x.shape[1], classes=classes, **SETTINGS | changed)


def inputs(x, embeddings, absent=0.0):
    heard = ~np.isnan(embeddings).any(axis=2)
    filled = np.where(heard[:, :, None], embeddings, np.float32(absent))
    return {"features": x, "embeddings": filled, "heard": heard.astype("f4")}


def train(x, embeddings, labels, *, epochs, **changed):
    model = build(x, embeddings, classes=int(labels.max()) + 1, **changed)
    arranged = of_arranged(model)
    arranged.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    arranged.fit(arrange(x, embeddings), labels, epochs=epochs, batch_size=32, verbose=0)
    return model


def test_patches_fall_into_the_steps_that_hold_their_middles():
    patches = np.arange(6.0).reshape(1, 6, 1)
    patches[0, 3] = np.nan
    np.testing.assert_array_equal(at_steps(patches, 6), patches)
    np.testing.assert_array_equal(at_steps(patches, 3)[0, :, 0], [0.5, 2, 4.5])
    nan = np.nan
    np.testing.assert_array_equal(
        at_steps(patches, 12)[0, :, 0], [nan, 0, nan, 1, nan, 2, nan, nan, nan, 4, nan, 5]
    )
    assert np.isnan(at_steps(patches[:, 3:4], 2)).all()


def test_scaling_is_of_the_steps_that_have_values():
    values = np.array([[[1.0, 5.0], [np.nan, np.nan]], [[3.0, 5.0], [5.0, 5.0]]])
    scaling = Scaling.of(values)
    np.testing.assert_allclose(scaling.mean, [3, 5])
    np.testing.assert_allclose(scaling.deviation, [np.sqrt(8 / 3), 1])
    nothing = Scaling.of(np.full((2, 3, 4), np.nan))
    np.testing.assert_array_equal([nothing.mean, nothing.deviation], [np.zeros(4), np.ones(4)])


def test_an_embedding_that_was_not_heard_does_not_matter():
    x, embeddings = tracks(np.random.default_rng(0), 5)
    model = build(x, embeddings)
    softmax = np.asarray(model(inputs(x, embeddings)))
    np.testing.assert_allclose(softmax.sum(axis=1), 1.0, rtol=1e-5)
    for value in (1e30, -7.0, np.nan, np.inf):
        np.testing.assert_array_equal(np.asarray(model(inputs(x, embeddings, value))), softmax)
    silent = inputs(x, np.full_like(embeddings, np.nan), np.nan)
    assert np.isfinite(np.asarray(model(silent))).all()
    assert not np.allclose(np.asarray(model(inputs(x, embeddings + 5))), softmax)


def test_arranged_and_named_inputs_give_the_same():
    x, embeddings = tracks(np.random.default_rng(1), 5)
    model = build(x, embeddings)
    arranged = arrange(x, embeddings)
    assert arranged.shape == (5, 6, 3 + 5 + 1)
    np.testing.assert_array_equal(
        np.asarray(of_arranged(model)(arranged)), np.asarray(model(inputs(x, embeddings)))
    )


def test_raw_values_are_standardised_inside():
    rng = np.random.default_rng(2)
    x, embeddings = tracks(rng, 50)
    model = build(x, embeddings)
    keras.utils.set_random_seed(1)
    plain = build((x - x.mean((0, 1))) / x.std((0, 1)), (embeddings + 3) / 7)
    plain.set_weights(model.get_weights())
    given = inputs(x, embeddings)
    scaled = inputs((x - x.mean((0, 1))) / x.std((0, 1)), (embeddings + 3) / 7)
    np.testing.assert_allclose(np.asarray(model(given)), np.asarray(plain(scaled)), atol=1e-4)


def test_a_saved_model_gives_the_same_bytes_and_holds_no_code(tmp_path):
    x, embeddings = tracks(np.random.default_rng(3), 5)
    model = build(x, embeddings)
    softmax = np.asarray(model(inputs(x, embeddings, np.nan)))
    for name in ("one.keras", "two.keras"):
        save_model(model, tmp_path / name)
    assert (tmp_path / "one.keras").read_bytes() == (tmp_path / "two.keras").read_bytes()
    loaded = keras.models.load_model(tmp_path / "one.keras", safe_mode=True)
    again = np.asarray(loaded(inputs(x, embeddings, np.nan)))
    assert again.tobytes() == softmax.tobytes()


def test_it_learns_what_stands_in_the_order_of_the_steps():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 2, 250)
    rising = np.sort(rng.normal(size=(250, 6, 1)), axis=1)
    x = np.where(labels[:, None, None] == 1, rising, rising[:, ::-1]).astype("f4")
    silent = np.full((250, 6, 5), np.nan, "f4")
    model = train(x[:200], silent[:200], labels[:200], epochs=15, dropout=0.0)
    softmax = np.asarray(model(inputs(x[200:], silent[200:])))
    assert (softmax.argmax(axis=1) == labels[200:]).mean() > 0.95


@pytest.mark.parametrize("heard", [True, False])
def test_it_learns_from_features_and_from_embeddings(heard):
    """Where each alone would do, training without some embeddings keeps it from relying on them."""
    rng = np.random.default_rng(5)
    labels = rng.integers(0, 3, 250)
    x, embeddings = tracks(rng, 250)
    x[:, :, 0] += 2000 * labels[:, None]
    embeddings[:, :, 0] += 14 * labels[:, None]
    model = train(x[:200], embeddings[:200], labels[:200], epochs=15, without=0.4)
    tested = inputs(x[200:], embeddings[200:] if heard else np.full_like(embeddings[200:], np.nan))
    assert (np.asarray(model(tested)).argmax(axis=1) == labels[200:]).mean() > 0.9


def test_training_twice_gives_the_same_bytes():
    rng = np.random.default_rng(6)
    x, embeddings = tracks(rng, 64)
    labels = rng.integers(0, 3, 64)
    first, second = (train(x, embeddings, labels, epochs=2) for _ in range(2))
    assert first.get_weights()
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()
