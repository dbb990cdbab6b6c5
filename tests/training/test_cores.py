"""The number of cores changes no weight: of networks that use all, and of those that may not."""

import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY

# Trains the improved CNN for a few steps, at the demo's size: checksums of weights and softmax.
TRAIN = """
import hashlib, sys
from genre.training import devices
import keras, numpy as np
import tensorflow as tf
from genre.models.cnn import build_cnn
from genre.training.fitting import fit, predict
tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
devices.prepare(23, backend="tensorflow", deterministic=True, one_core=False)
model, rng = build_cnn("improved", shape=(48, 72, 1), classes=10), np.random.default_rng(0)
x = (256 * rng.random((72, *model.input_shape[1:]))).astype("u1")
y = rng.integers(0, 10, 72)
fit(model, (x, y), (x[:16], y[:16]), np.random.default_rng(1), parameter="", batch_size=16,
    learning_rate=1e-3, schedule="constant", epochs=1, patience=None)
for part in (*model.variables, *predict(model, x)):
    print(hashlib.sha256(np.asarray(part).tobytes()).hexdigest())
"""


def run(code: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_weights_and_predictions_of_a_cnn_are_those_of_one_core():
    expected = run(TRAIN, "1")
    assert len(set(expected)) > 10
    assert run(TRAIN, "3") == expected


@pytest.mark.parametrize(
    ("stage", "one_core"),
    [
        ("train_cnn", 'variant.architecture == "naive"'),
        ("train_rnn", "True"),
        ("train_hybrid", "True"),
        ("train_short_chunk", "True"),
        ("train_linear", "True"),
        ("train_transformer", "True"),
        ("embed", "True"),
    ],
)
def test_what_multiplies_large_matrices_keeps_to_one_core(stage: str, one_core: str):
    """By processor and number of cores, such a product would be summed up otherwise."""
    assert f"one_core={one_core}," in (REPOSITORY / f"stages/{stage}.py").read_text()


def test_one_core_is_one_thread():
    code = """
from genre.training import devices
import tensorflow as tf
devices.prepare(23, backend="tensorflow", deterministic=True, one_core=True)
print(tf.config.threading.get_intra_op_parallelism_threads())
"""
    assert run(code) == ["1"]
