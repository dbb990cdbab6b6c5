"""The number of cores changes no weight: the study's networks, at the demo's sizes."""

import subprocess
import sys

from tests.conftest import REPOSITORY

# Trains each network for a few steps; one line a network, with checksums of weights and softmax.
TRAIN = """
import hashlib, sys
from genre.training import devices
import keras, numpy as np
import tensorflow as tf
from genre.models.cnn import build_cnn
from genre.models.hybrid import build_hybrid
from genre.models.rnn import build_rnn
from genre.training.fitting import fit, predict
tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
devices.prepare(23, backend="tensorflow", deterministic=True)
NETWORKS = {
    "improved CNN": (lambda: build_cnn("improved", shape=(48, 72, 1), classes=10), 16),
    "naive RNN": (lambda: build_rnn("naive", shape=(10, 57), classes=10), 64),
    "advanced RNN": (lambda: build_rnn("advanced", shape=(10, 57), classes=10), 64),
    "hybrid": (lambda: build_hybrid(inputs=185, classes=10), 256),
}
settings = {"learning_rate": 1e-3, "epochs": 1, "patience": None}
for name, (build, batch_size) in NETWORKS.items():
    keras.utils.set_random_seed(1)
    model, rng = build(), np.random.default_rng(0)
    x = (256 * rng.random((72, *model.input_shape[1:]))).astype("u1" if "CNN" in name else "f4")
    y = rng.integers(0, 10, 72)
    fit(model, (x, y), (x[:16], y[:16]), np.random.default_rng(1), batch_size=batch_size,
        **settings)
    parts = [np.asarray(v).tobytes() for v in model.variables] + [predict(model, x)[0].tobytes()]
    print(name, *(hashlib.sha256(part).hexdigest()[:12] for part in parts))
"""


def run(code: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_weights_and_predictions_are_those_of_one_core():
    expected = run(TRAIN, "1")
    assert len(expected) == 4
    assert run(TRAIN, "3") == expected


def test_the_naive_cnn_keeps_to_one_core():
    """Its dense layer would be shared by as many cores as there are."""
    stage = (REPOSITORY / "stages/train_cnn.py").read_text()
    assert 'one_core=variant.architecture == "naive"' in stage
    code = """
from genre.training import devices
import tensorflow as tf
devices.prepare(23, backend="tensorflow", deterministic=True, one_core=True)
print(tf.config.threading.get_intra_op_parallelism_threads())
"""
    assert run(code) == ["1"]
