import functools
import shutil
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.models.rnn import build_rnn
from genre.training import devices
from genre.training.backup import Backup
from genre.training.fitting import TOGETHER, Batches, fit, predict
from genre.training.saving import save_model
from tests.conftest import REPOSITORY, run_stage, write_params

# On import, since TensorFlow takes these settings only before any test has computed something.
devices.prepare(23, backend="tensorflow", deterministic=True, split_operations=False)

SETTINGS = {
    "parameter": "cnn.training.v1_0",
    "learning_rate": 0.01,
    "schedule": "constant",
    "batch_size": 16,
}


def data(n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Three classes that differ in the mean of one feature, which can be learned."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, n)
    x = rng.normal(0, 0.3, (n, 10, 4)).astype("f4")
    x[..., 1] += y[:, None] - 1
    return x, y


def small(*, shape: tuple[int, int], classes: int) -> keras.Model:
    """A model with dropout, as the study's have, that is compiled in no time."""
    layers = keras.layers
    x = inputs = keras.Input(shape)
    for layer in (layers.Flatten(), layers.Dropout(0.2), layers.Dense(16, "relu")):
        x = layer(x)
    x = layers.Dropout(0.3)(x)
    return keras.Model(inputs, layers.Dense(classes, "softmax")(x))


def trained(build=small, **settings):
    keras.utils.clear_session()  # layers are named and numbered as in a new process
    keras.utils.set_random_seed(23)
    model = build(shape=(10, 4), classes=3)
    train, val = data(100, seed=0), data(40, seed=1)
    return model, fit(model, train, val, np.random.default_rng(0), **{**SETTINGS, **settings})


@functools.cache
def undisturbed(**settings):
    """What `trained` gives, for several tests to compare with."""
    return trained(**settings)


def test_what_can_be_learned_is_learned():
    model, done = trained(epochs=25, patience=None)
    x, y = data(200, seed=2)
    assert (predict(model, x)[0].argmax(axis=1) == y).mean() > 0.9
    assert list(done.curves["epoch"]) == list(range(1, 26))
    assert done.curves["loss"].iloc[-1] < 0.5 * done.curves["loss"].iloc[0]
    assert done.best_epoch == 25


def test_a_loss_that_is_no_number_stops_the_training_at_once():
    with pytest.raises(
        InputError, match="loss is no number after epoch 1: make cnn.training.v1_0.learn"
    ):
        trained(epochs=50, patience=None, learning_rate=1e30)


def test_training_stops_early_and_goes_back_to_the_best_weights():
    model, done = trained(epochs=200, patience=3)
    losses = done.curves["val_loss"]
    assert len(losses) < 200
    assert done.best_epoch == losses.idxmin() + 1 == len(losses) - 3
    loss, accuracy = model.evaluate(*data(40, seed=1), verbose=0)
    assert loss == pytest.approx(losses.min(), rel=1e-4)
    assert accuracy == pytest.approx(done.curves["val_accuracy"][losses.idxmin()], abs=1e-6)


@pytest.mark.parametrize("build", [small, functools.partial(build_rnn, "advanced")])
def test_training_twice_gives_the_same_file(tmp_path, build):
    for name in ("a", "b"):
        model, _ = trained(build, epochs=3, patience=None)
        save_model(model, tmp_path / f"{name}.keras")
    assert (tmp_path / "a.keras").read_bytes() == (tmp_path / "b.keras").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.keras", "b.keras"]


class KilledError(Exception):
    pass


@pytest.mark.parametrize(
    ("settings", "epochs"),
    [
        ({"epochs": 6, "patience": None}, 4),
        ({"epochs": 6, "patience": None, "schedule": "cosine"}, 4),
        ({"epochs": 99, "patience": 3}, 1),
        ({"epochs": 99, "patience": 3}, None),  # when early stopping has spoken
    ],
)
def test_a_killed_training_goes_on_and_ends_in_the_same_weights(
    settings, epochs, tmp_path, monkeypatch
):
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    model, done = undisturbed(**settings)
    epochs = epochs or len(done.curves)
    killed_after(epochs, monkeypatch, **settings)
    assert len(list(tmp_path.rglob("*.npz"))) == 1
    resumed, again = trained(**settings, backup=True)
    pd.testing.assert_frame_equal(again.curves, done.curves)
    assert again.best_epoch == done.best_epoch
    for ours, theirs in zip(resumed.variables, model.variables, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=ours.path)


def test_a_backup_of_another_training_is_not_taken_up(tmp_path, monkeypatch):
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    _, first = trained(epochs=2, patience=None, backup=True)
    _, second = trained(epochs=2, patience=None, backup=True, learning_rate=0.02)
    assert first.backup != second.backup
    assert len(second.curves) == 2
    assert not second.curves.equals(first.curves)


def test_a_learning_rate_that_falls_by_other_steps_is_another_training(tmp_path, monkeypatch):
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    settings = {"patience": None, "schedule": "cosine"}
    killed_after(2, monkeypatch, epochs=3, **settings)
    _, expected = trained(epochs=5, **settings)
    _, found = trained(epochs=5, **settings, backup=True)
    pd.testing.assert_frame_equal(found.curves, expected.curves)


def test_a_learning_rate_rises_and_then_falls_to_nothing_at_the_last_step():
    rates = []

    class Noted(keras.Model):
        def compile(self, optimizer, **settings):
            rates.extend(float(optimizer._learning_rate(step)) for step in range(71))
            super().compile(optimizer, **settings)

    def build(**sizes) -> keras.Model:
        model = small(**sizes)
        return Noted(model.inputs, model.outputs)

    trained(build, epochs=10, patience=None, schedule="cosine")
    highest = int(np.argmax(rates))
    assert (rates[0], rates[highest]) == (0.0, pytest.approx(0.01, rel=0.01))
    assert 5 < highest < 20
    assert (np.diff(rates[: highest + 1]) > 0).all()
    assert (np.diff(rates[highest:]) < 0).all()
    assert rates[-1] == pytest.approx(0.0, abs=1e-6)


def killed_after(last: int, monkeypatch, **settings) -> None:
    """Leave the backup of a training that was killed after some epochs."""
    write = Backup.on_epoch_end

    def write_and_die(self: Backup, epoch: int, logs: dict) -> None:
        write(self, epoch, logs)
        if epoch + 1 == last:
            raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Backup, "on_epoch_end", write_and_die)
        with pytest.raises(KilledError):
            trained(**settings, backup=True)


@pytest.mark.parametrize("epochs", [2, 4, 6])
def test_a_backup_counts_for_as_many_epochs_as_are_asked_for_now(tmp_path, monkeypatch, epochs):
    """Of a training of five epochs that was killed after four."""
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    model, done = undisturbed(epochs=epochs, patience=None)
    killed_after(4, monkeypatch, epochs=5, patience=None)
    again, found = trained(epochs=epochs, patience=None, backup=True)
    pd.testing.assert_frame_equal(found.curves, done.curves)
    assert len(found.curves) == epochs
    for ours, theirs in zip(again.variables, model.variables, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=ours.path)


@pytest.fixture(scope="module")
def killed(tmp_path_factory) -> Path:
    """The results that a training of three epochs kept, which was killed after two."""
    folder = tmp_path_factory.mktemp("killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENRE_CACHE", str(folder))
        killed_after(2, patch, epochs=3, patience=None)
    return folder


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[: len(b) // 2], lambda b: b[:-30],
                                    lambda b: b"PK" + b[2:][::-1]])  # fmt: skip
def test_a_damaged_backup_is_said_so_and_training_starts_anew(
    killed, tmp_path, monkeypatch, caplog, damage
):
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    _, done = undisturbed(epochs=3, patience=None)
    shutil.copytree(killed, tmp_path, dirs_exist_ok=True)
    (backup,) = tmp_path.rglob("*.npz")
    backup.write_bytes(damage(backup.read_bytes()))
    _, found = trained(epochs=3, patience=None, backup=True)
    pd.testing.assert_frame_equal(found.curves, done.curves)
    assert "is damaged; it starts anew" in caplog.text


def test_training_twice_gives_the_same_weights():
    first, second = (run(epochs=3, patience=None)[0] for run in (undisturbed, trained))
    for ours, theirs in zip(first.variables, second.variables, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=ours.path)


def test_a_saved_model_predicts_the_same(tmp_path):
    model, _ = trained(epochs=2, patience=None)
    save_model(model, tmp_path / "model.keras")
    x, _ = data(50, seed=3)
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(predict(loaded, x)[0], predict(model, x)[0])


def test_every_example_comes_once_an_epoch_in_another_order():
    x = np.arange(50)
    batches = Batches(x, x, 16, np.random.default_rng(0))
    epochs = []
    for _ in range(2):
        epochs.append(np.concatenate([batches[k][0] for k in range(len(batches))]))
        batches.shuffle()
    assert len(batches) == 4
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(x)
    assert (epochs[0] != epochs[1]).any()
    still = Batches(x, x, 16)
    assert list(np.concatenate([still[k][0] for k in range(4)])) == list(x)


@pytest.mark.parametrize(
    ("stage", "settings", "environment", "message"),
    [
        ("train_hybrid", {}, {"KERAS_BACKEND": "jax"}, "KERAS_BACKEND is jax, but train.backend"),
        ("train_hybrid", {"train.backend": 1}, {}, "params.yaml: train.backend: should be 'tensor"),
        ("check_params", {"train.backend": "jax"}, {}, "train.backend: jax is not installed: pip"),
    ],
)
def test_a_backend_that_will_not_do_is_said_so(tmp_path, stage, settings, environment, message):
    write_params(tmp_path, settings)
    shutil.copytree(REPOSITORY / "data/splits", tmp_path / "data/splits")
    done = run_stage(tmp_path, stage, **environment)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_is_always_applied_to_as_many_examples():
    sizes = []

    class Model:
        def predict(self, batches, verbose):
            parts = [np.asarray(x["x"]) for x, _ in batches]
            sizes.extend(map(len, parts))
            return np.concatenate(parts)

    for count in (1, TOGETHER, TOGETHER + 3):
        x = np.arange(count)
        [found] = predict(Model(), {"x": x})
        np.testing.assert_array_equal(found, x)
    assert sizes == [TOGETHER] * 4
