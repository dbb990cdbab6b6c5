"""Measure how fast a GPU trains the study's CNN 1.0 on pictures of 288 x 432 px in four channels.

Usage: python -m benchmarks.gpu [--backend jax] [--pictures 2048] [--epochs 6]

Examples are sent batch by batch, as in the stages, with deterministic operations, twice, and
without; and, with JAX, lie on the GPU from the beginning. Each way has a process of its own. The
first epoch, which compiles, does not count. The share of time in which the GPU computes is what
`nvidia-smi` says of it.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd

SHAPE, CLASSES, BATCH = (288, 432, 4), 10, 32
SMI = ["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"]
EVERY = 200  # ms between two looks at the GPU


def train(backend: str, *, held: bool, deterministic: bool, pictures: int, epochs: int) -> None:
    """Train for some epochs, and print what was measured as JSON."""
    from genre.training import devices  # noqa: I001 - first: it imports Keras as it should be

    from genre.models.cnn import build_cnn
    from genre.randomness import generator
    from genre.training.fitting import Batches, fit

    class Timed(Batches):
        """Batches that know when epochs ended."""

        ends: list[float] = []  # noqa: RUF012 - of the only one that there is

        def shuffle(self) -> None:
            self.ends.append(time.perf_counter())
            super().shuffle()

    devices.prepare(23, backend=backend, deterministic=deterministic, split_operations=True)
    rng = np.random.default_rng(23)
    x = rng.integers(0, 256, (pictures, *SHAPE), dtype=np.uint8)
    y = rng.integers(0, CLASSES, pictures)
    model = build_cnn("improved", shape=SHAPE, classes=CLASSES)
    if held:
        import jax

        x = jax.device_put(x)
    batches = Timed(x, y, BATCH, rng)
    looks: list[tuple[float, float]] = []
    watched = threading.Thread(target=watch, args=(looks,), daemon=True)
    watched.start()
    start = time.perf_counter()
    fit(
        model,
        batches,
        (np.asarray(x[:BATCH]), y[:BATCH]),
        generator(23, "benchmark"),
        parameter="cnn.training.v1_0",
        learning_rate=1e-4,
        schedule="constant",
        batch_size=BATCH,
        epochs=epochs,
        patience=None,
    )
    first, *_, last = Timed.ends[-epochs:]
    busy = [share for when, share in looks if first + 1.0 < when < last]
    weights = b"".join(np.asarray(each).tobytes() for each in model.variables)
    measured = {
        "pictures a second": round(pictures * (epochs - 1) / (last - first)),
        "GPU computes, %": round(float(np.mean(busy))) if busy else None,
        "first epoch, s": round(first - start, 1),
        "weights": hashlib.sha256(weights).hexdigest()[:8],
        "device": devices.describe(),
    }
    print(json.dumps(measured))


def watch(looks: list[tuple[float, float]]) -> None:
    """Note again and again how much of the time the GPU computes."""
    try:
        smi = subprocess.Popen([*SMI, f"-lms={EVERY}"], stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        return
    for line in smi.stdout or ():
        looks.append((time.perf_counter(), float(line)))


def main() -> None:
    """Measure all ways, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--backend", default="jax", choices=["jax", "tensorflow"])
    parser.add_argument("--pictures", type=int, default=2048)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--way", nargs=2, choices=["0", "1"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        held, deterministic = (way == "1" for way in asked.way)
        train(
            asked.backend,
            held=held,
            deterministic=deterministic,
            pictures=asked.pictures,
            epochs=asked.epochs,
        )
        return
    rows = []
    for held, deterministic in (("0", "1"), ("0", "1"), ("0", "0"), ("1", "1")):
        if held == "1" and asked.backend != "jax":
            continue
        command = [sys.executable, "-m", "benchmarks.gpu", *sys.argv[1:]]
        done = subprocess.run(
            [*command, "--way", held, deterministic],
            env={**os.environ, "KERAS_BACKEND": asked.backend},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        measured = json.loads(done.stdout.splitlines()[-1])
        rows.append(
            {
                "examples": "on the GPU" if held == "1" else "sent",
                "deterministic": "yes" if deterministic == "1" else "no",
                **measured,
            }
        )
        print(rows[-1], file=sys.stderr, flush=True)
    table = pd.DataFrame(rows)
    print(table.drop(columns="device").to_markdown(index=False))
    print(rows[-1]["device"])


if __name__ == "__main__":
    main()
