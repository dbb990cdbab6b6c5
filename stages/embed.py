"""Let a pretrained network hear each track, and keep what it says."""

import functools
import hashlib
from pathlib import Path

from stages import arguments, choose_backend, run

choose_backend()

from genre.training import devices

import keras
import numpy as np

from genre.corpus.excerpts import excerpt_length
from genre.features.embeddings import Embeddings, hear
from genre.features.log_mels import LogMels
from genre.features.patches import patches_of
from genre.models.beyond.musicnn import embedder, load_musicnn
from genre.models.names import NETWORK
from genre.params import Params
from genre.training.measuring import measure
from genre.training.saving import write_runtime
from genre.work.cache import key
from genre.work.parallel import for_each

TARGET = Path(f"data/embeddings/{NETWORK}.npz")
TIMED = 20  # tracks that the milliseconds of one are measured on


def embed(
    item: int, *, network: keras.Model, log_mels: LogMels, stride: int, patches: int
) -> tuple[np.ndarray, np.ndarray]:
    """The mean embedding of a track, and what the network says of each of its patches."""
    frames = log_mels.spectrograms[item, : log_mels.frames[item]]
    return hear(network.predict_on_batch, frames, stride=stride, patches=patches)


def main(params: Params) -> str:
    name = arguments().name
    stride = params.musicnn.stride
    length = excerpt_length(params.data.duration, params.data.sr)
    patches = patches_of(length, sr=params.data.sr)
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
        key(
            embed, name, stride, patches, *run_by, hashlib.sha256(row[:count].tobytes()).hexdigest()
        )
        for row, count in zip(log_mels.spectrograms, log_mels.frames, strict=True)
    ]
    work = functools.partial(
        embed, network=network, log_mels=log_mels, stride=stride, patches=patches
    )
    items = range(len(log_mels.tracks))
    found = list(for_each(work, items, description="embeddings", keys=keys, processes=1))
    some = items[:TIMED]
    heard = -(-patches // stride)
    cost = measure(network, lambda: list(map(work, some)), len(some), times=heard)
    write_runtime(NETWORK, {**cost, **devices.describe()})
    whole, steps = (np.stack(parts) for parts in zip(*found, strict=True))
    Embeddings(log_mels.tracks.to_numpy(str), whole, steps).save(TARGET)
    return f"{name}'s embeddings of {len(items)} tracks, {whole.shape[1]} numbers each"


if __name__ == "__main__":
    run(main)
