"""The number of cores changes no weight.

Of networks whose operations share all cores, and of those whose operations have one each.
"""

import subprocess
import sys

import pytest
from joblib import cpu_count

from tests.conftest import REPOSITORY, demo_values

pytestmark = pytest.mark.usefixtures("all_cores")

# Trains the improved CNN for a few steps, where there are so many cores: checksums of weights and
# softmax.
TRAIN = """
import hashlib, sys
from genre.training import devices
import keras, numpy as np
from genre.models.cnn import build_cnn
from genre.training.fitting import fit, predict
devices.cpu_count = lambda: int(sys.argv[1])
devices.prepare(23, backend="tensorflow", deterministic=True, split_operations=True)
shape = tuple(map(int, sys.argv[2:]))
model, rng = build_cnn("improved", shape=shape, classes=10), np.random.default_rng(0)
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


@pytest.mark.parametrize(("size", "counts"), [("framed", ("3", "16")), ("cropped", ("6",))])
def test_weights_and_predictions_of_a_cnn_are_those_of_one_core(size, counts):
    """At the demo's sizes, with as many threads as there would be: here cores take turns."""
    shape = [*map(str, demo_values()["cnn"]["size"][size]), "1"]
    expected = run(TRAIN, "1", *shape)
    assert len(set(expected)) > 10
    for count in counts:
        assert run(TRAIN, count, *shape) == expected


# Trains or applies networks whose operations keep to a core, by so many operations at once.
TRAIN_AT_ONCE = """
import hashlib, sys
from genre.training import devices
import numpy as np
import tensorflow as tf
tf.config.threading.set_inter_op_parallelism_threads(int(sys.argv[1]))
devices.prepare(23, backend="tensorflow", deterministic=True, split_operations=False)
from genre.training.fitting import fit, predict
from tests.models.test_portable import networks
rng = np.random.default_rng(0)
for name, (model, loss) in networks().items():
    if name in sys.argv[2:]:
        x = rng.random((32, *(size or 1 for size in model.input_shape[1:])), np.float32)
        y = rng.integers(0, 4, 32)
        if loss is not None:
            fit(model, (x, y), (x, y), rng, parameter="", learning_rate=1e-3, schedule="constant",
                batch_size=16, epochs=2, patience=None, loss=loss)
        for part in (*model.variables, *predict(model, x)):
            print(name, hashlib.sha256(np.asarray(part).tobytes()).hexdigest())
"""


def test_operations_at_once_end_in_the_weights_of_one_after_the_other():
    names = (
        "naive", "naive rnn", "advanced rnn", "hybrid", "short-chunk", "transformer", "musicnn",
        "linear",
    )  # fmt: skip
    expected = run(TRAIN_AT_ONCE, "1", *names)
    assert {line.rsplit(" ", 1)[0] for line in expected} == set(names)
    assert run(TRAIN_AT_ONCE, "4", *names) == expected


@pytest.mark.parametrize(
    ("stage", "split"),
    [
        ("train_cnn", 'variant.architecture != "naive"'),
        ("train_rnn", "False"),
        ("train_hybrid", "False"),
        ("train_short_chunk", "False"),
        ("train_linear", "False"),
        ("train_transformer", "False"),
        ("embed", "False"),
        ("robustness", "False"),
        ("explain", "False"),
    ],
)
def test_what_multiplies_large_matrices_keeps_to_a_core(stage: str, split: str):
    """By processor and number of cores, such a product would be summed up otherwise."""
    assert f"split_operations={split}," in (REPOSITORY / f"stages/{stage}.py").read_text()


def test_cores_share_an_operation_or_have_one_each():
    code = """
import sys
from genre.training import devices
import tensorflow as tf
devices.prepare(23, backend="tensorflow", deterministic=True, split_operations=bool(sys.argv[1:]))
print(tf.config.threading.get_intra_op_parallelism_threads())
print(tf.config.threading.get_inter_op_parallelism_threads())
"""
    assert run(code) == ["1", "0"]  # 0: as many as there are cores
    assert run(code, "split") == [str(min(cpu_count(), 4)), "1"]
