"""Train networks as on processors with other caches, and compare what comes out.

Usage: python -m benchmarks.caches 48:1024 48:2048 32:256 (KB of the first and the second cache)

TensorFlow and oneDNN ask the processor for the sizes of its caches once, and cut their work into
blocks that fit. Here others are written into the memory of a process where the two keep them,
before it trains a network for two epochs, with the demo's batches. Linux only; five sizes take
ten minutes.
"""

from genre.training import devices  # first: it imports Keras as it should be

# isort: split

import argparse
import hashlib
import re
import struct
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import yaml

from genre.models.beyond.musicnn import embedder, load_musicnn
from genre.models.beyond.short_chunk import build_short_chunk
from genre.models.beyond.transformer import Scaling, build_transformer, of_arranged
from genre.models.cnn import build_cnn
from genre.models.hybrid import build_hybrid
from genre.models.portable import cross_entropy
from genre.models.rnn import build_rnn
from genre.training.fitting import fit, predict
from tests.conftest import REPOSITORY

CLASSES, EXAMPLES = 10, 140
# The examples of a batch; 0 for what is applied only.
BATCHES = {
    "naive framed": 16, "improved framed": 16, "improved cropped": 16, "naive rnn": 64,
    "advanced rnn": 64, "hybrid": 256, "short-chunk": 16, "transformer": 32, "musicnn": 0,
}  # fmt: skip


def build(name: str) -> keras.Model:
    """One of the networks, with the demo's shapes."""
    demo = yaml.safe_load((REPOSITORY / "presets/demo.yaml").read_text(encoding="utf-8"))
    match name.split():
        case ["hybrid"]:
            return build_hybrid(inputs=185, classes=CLASSES)
        case ["short-chunk"]:
            return build_short_chunk(
                demo["short_chunk"]["widths"], shape=(187, 96), classes=CLASSES
            )
        case ["transformer"]:
            sizes = (57, 753)
            scalings = (Scaling(np.zeros(size, "f4"), np.ones(size, "f4")) for size in sizes)
            network = build_transformer(
                *scalings, steps=10, classes=CLASSES, width=32, blocks=2, heads=4, dropout=0.1,
                without=0.2,
            )  # fmt: skip
            return of_arranged(network)
        case ["musicnn"]:
            return embedder(load_musicnn("MSD_musicnn"))
        case [architecture, "rnn"]:
            return build_rnn(architecture, shape=(10, 57), classes=CLASSES)
        case [architecture, frame]:
            shape = (*demo["cnn"]["size"][frame], 1)
            return build_cnn(architecture, shape=shape, classes=CLASSES)
    raise ValueError(name)


def pretend(first: int, second: int) -> None:
    """Write other sizes of the two caches, in bytes, wherever this process keeps the true ones."""
    names = (f"LEVEL{level}_SIZE" for level in ("1_DCACHE", "2_CACHE", "3_CACHE"))
    true = [int(subprocess.check_output(["getconf", name])) for name in names]
    # Eigen's, and those of oneDNN's Xbyak behind the number of cores that share each.
    patterns = {
        "<QQ": re.escape(struct.pack("<QQQ", *true)),
        "<II": rb"(?<=(?:[\x01-\x7f]\0\0\0){3})" + re.escape(struct.pack("<II", *true[:2])),
    }
    found = dict.fromkeys(patterns, 0)
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    with Path("/proc/self/mem").open("r+b", buffering=0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            start, end = (int(part, 16) for part in place.split("-"))
            if "rw" not in rights or end - start > 2**29:
                continue
            memory.seek(start)
            content = memory.read(end - start)
            for kind, pattern in patterns.items():
                for match in re.finditer(pattern, content):
                    memory.seek(start + match.start())
                    memory.write(struct.pack(kind, first, second))
                    found[kind] += 1
    if not all(found.values()):
        sys.exit(f"the sizes of the caches were not found: {found}")


def train(name: str, caches: str) -> str:
    """Train a network; a checksum of its weights and of what it says."""
    split = name.startswith("improved")
    devices.prepare(23, backend="tensorflow", deterministic=True, split_operations=split)
    # With these, all sizes are known.
    keras.layers.Conv2D(8, 3)(np.ones((1, 9, 9, 3), "f4"))
    keras.layers.Dense(8)(np.ones((4, 9), "f4"))
    if caches != "true":
        pretend(*(1024 * int(size) for size in caches.split(":")))
    keras.utils.set_random_seed(23)
    model, batch_size, rng = build(name), BATCHES[name], np.random.default_rng(0)
    x = rng.random((EXAMPLES, *(size or 2 for size in model.input_shape[1:])), np.float32)
    y = rng.integers(0, CLASSES, EXAMPLES)
    if batch_size:
        fit(model, (x, y), (x[:20], y[:20]), rng, parameter="", learning_rate=1e-3,
            schedule="constant", batch_size=batch_size, epochs=2, patience=None,
            loss=cross_entropy if name == "short-chunk" else "sparse_categorical_crossentropy",
        )  # fmt: skip
    checksum = hashlib.sha256()
    for part in (*model.variables, *predict(model, x)):
        checksum.update(np.asarray(part).tobytes())
    return checksum.hexdigest()


def main() -> None:
    """Train each network here, and with each of the caches; print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("caches", nargs="+", help="KB of the first and the second, as 48:2048")
    parser.add_argument("--network", choices=BATCHES, help="train this one only, as a checksum")
    asked = parser.parse_args()
    if asked.network:
        print(train(asked.network, *asked.caches))
        return

    def checksum(name: str, caches: str) -> str:
        command = [sys.executable, "-m", "benchmarks.caches", caches, "--network", name]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.split()[-1]

    rows = {}
    for name in BATCHES:
        here = checksum(name, "true")
        rows[name] = {
            caches: "the same" if checksum(name, caches) == here else "other"
            for caches in asked.caches
        }
    print(pd.DataFrame.from_dict(rows, orient="index").to_markdown())


if __name__ == "__main__":
    main()
