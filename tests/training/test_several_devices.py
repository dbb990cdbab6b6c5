"""Two devices train one model: two parts of this processor stand for two GPUs."""

import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.usefixtures("all_cores")

CODE = """
import os
os.environ["KERAS_BACKEND"] = "tensorflow"
from genre.training import devices
import keras
import numpy as np
import tensorflow as tf
from genre.models.beyond.short_chunk import BatchNormalization, build_short_chunk, folded
from genre.models.portable import cross_entropy
from genre.training.chunks import predict_tracks
from genre.training.fitting import fit, predict

[processor] = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
devices.prepare(1, backend="tensorflow", deterministic=True, split_operations=False)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
rng = np.random.default_rng(0)
x = rng.normal(size=(50, 10, 4)).astype(np.float32)
y = (x.mean(axis=(1, 2)) > 0).astype(int)
with strategy.scope():
    inputs = keras.Input((10, 4))
    values = keras.layers.Dense(8, use_bias=False)(keras.layers.Flatten()(inputs))
    values = BatchNormalization(momentum=0.9)(values)
    softmax = keras.layers.Dense(2, "softmax")(values)
    model = keras.Model(inputs, softmax)
    done = fit(
        model, (x, y), (x, y), rng, parameter="", learning_rate=0.1, schedule="cosine",
        batch_size=16, epochs=6, patience=None, loss=cross_entropy,
    )
    plain = folded(model)
    chunks = folded(build_short_chunk([4, 4], shape=(16, 8), classes=2))
assert done.curves["val_accuracy"].iloc[-1] > 0.8, done.curves
# Each device has an average of its own of what it normalised; those of the first count.
inside, normalisation, dense = (layer.get_weights() for layer in model.layers[-3:])
gamma, beta, mean, variance = normalisation
values = (x.reshape(50, -1) @ inside[0] - mean) / np.sqrt(variance + 1e-3) * gamma + beta
assert np.abs(mean).max() > 0.01
expected = keras.ops.softmax(values @ dense[0] + dense[1])
[found] = predict(plain, x)
np.testing.assert_allclose(found, expected, atol=1e-5)
tracks = [rng.random((length, 8)) for length in (16, 40, 33)]
assert predict_tracks(chunks, tracks, length=16).shape == (3, 2)
print("done")
"""


def test_a_model_is_trained_and_applied_as_by_one():
    command = [sys.executable, "-c", CODE]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout == "done\n", done.stderr
