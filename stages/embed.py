"""Let a pretrained network hear each track, and keep what it says."""

import functools
import hashlib
from pathlib import Path

from stages import arguments, choose_backend, run

choose_backend()

from genre.training import devices

import keras
import numpy as np

from genre.features.embeddings import Embeddings
from genre.features.log_mels import LogMels
from genre.features.patches import FRAMES, cut
from genre.models.beyond.musicnn import embedder, load_musicnn
from genre.params import Params
from genre.work.cache import key
from genre.work.parallel import for_each

STEP = 200  # of an embedding, the penultimate layer
TARGET = Path("data/embeddings/musicnn.npz")


def embed(
    item: int, *, network: keras.Model, log_mels: LogMels, stride: int
) -> tuple[np.ndarray, np.ndarray]:
    """The mean embedding of a track, and the penultimate layer's of each of its patches."""
    frames = log_mels.spectrograms[item, : log_mels.frames[item]].astype(np.float32)
    said = network.predict_on_batch(cut(frames, stride=stride))
    return said.mean(axis=0), said[:, -STEP:]


def main(params: Params) -> str:
    name = arguments().name
    stride = params.musicnn.stride
    log_mels = LogMels.read(Path("data/log_mels"))
    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        one_core=True,  # a batch of one patch is otherwise summed up by as many as there are
    )
    network = embedder(load_musicnn(name))
    run_by = (keras.version(), params.train.backend, params.train.deterministic)
    keys = [
        key(embed, name, stride, *run_by, hashlib.sha256(row[:count].tobytes()).hexdigest())
        for row, count in zip(log_mels.spectrograms, log_mels.frames, strict=True)
    ]
    work = functools.partial(embed, network=network, log_mels=log_mels, stride=stride)
    items = range(len(log_mels.tracks))
    found = list(for_each(work, items, description="embeddings", keys=keys, processes=1))
    patches = max(log_mels.spectrograms.shape[1] // FRAMES, 1)
    steps = np.full((len(found), patches, found[0][1].shape[1]), np.nan, np.float32)
    for row, (_, said) in zip(steps, found, strict=True):
        row[: len(said) * stride : stride] = said
    whole = np.stack([whole for whole, _ in found])
    Embeddings(log_mels.tracks.to_numpy(str), whole, steps).save(TARGET)
    return f"{name}'s embeddings of {len(items)} tracks, {whole.shape[1]} numbers each"


if __name__ == "__main__":
    run(main)
