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
from genre.features.embeddings import PENULTIMATE, Embeddings, hear
from genre.features.log_mels import LogMels
from genre.features.patches import patches_of
from genre.models.beyond.musicnn import embedder, load_musicnn
from genre.models.names import NETWORK
from genre.params import Params
from genre.training.cost import measure
from genre.training.saving import write_runtime
from genre.work.cache import key
from genre.work.parallel import for_each

LOG_MELS = Path("data/log_mels")
PLACES = {
    "data/log_mels": "data/embeddings/musicnn.npz",
    "data/altered/log_mels": "data/embeddings/musicnn_altered.npz",
}
TIMED = 20  # tracks that the milliseconds of one are measured on


def embed(
    item: int, *, network: keras.Model, log_mels: LogMels, stride: int, patches: int
) -> tuple[np.ndarray, np.ndarray]:
    """The mean embedding of a track, and what the network says of each of its patches."""
    frames = log_mels.spectrograms[item, : log_mels.frames[item]]
    return hear(network.predict_on_batch, frames, stride=stride, patches=patches)


def embed_all(
    source: Path, network: keras.Model, *, stride: int, patches: int, run_by: tuple[object, ...]
) -> Embeddings:
    """The embeddings of all excerpts in a folder."""
    log_mels = LogMels.read(source)
    keys = [
        key(embed, stride, patches, *run_by, hashlib.sha256(row[:count].tobytes()).hexdigest())
        for row, count in zip(log_mels.spectrograms, log_mels.frames, strict=True)
    ]
    work = functools.partial(
        embed, network=network, log_mels=log_mels, stride=stride, patches=patches
    )
    items = range(len(log_mels.tracks))
    whole = np.zeros((len(items), network.output_shape[1]), np.float32)
    steps = np.zeros((len(items), patches, PENULTIMATE), np.float32)
    found = for_each(work, items, description=f"{source}", keys=keys, processes=1)
    for row, said in enumerate(found):
        whole[row], steps[row] = said
    return Embeddings(log_mels.tracks.to_numpy(str), whole, steps)


def main(params: Params) -> str:
    name, stride = arguments().name, params.musicnn.stride
    length = excerpt_length(params.data.duration, params.data.sr)
    patches = patches_of(length, sr=params.data.sr)
    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,  # what is said of one patch would depend on the cores
    )
    network = embedder(load_musicnn(name))
    versions = keras.version(), devices.describe()["backend"]
    run_by = (load_musicnn, embedder, name, *versions, params.train.deterministic)
    counts = []
    for source, target in PLACES.items():
        made = embed_all(Path(source), network, stride=stride, patches=patches, run_by=run_by)
        made.save(Path(target))
        counts.append(len(made.tracks))
    work = functools.partial(
        embed, network=network, log_mels=LogMels.read(LOG_MELS), stride=stride, patches=patches
    )
    some, heard = range(min(TIMED, counts[0])), -(-patches // stride)
    cost = measure(network, lambda: [work(k) for k in some], len(some), times=heard)
    write_runtime(NETWORK, {**cost, **devices.describe()})
    return f"{name}'s embeddings of {counts[0]} tracks, and of {counts[1]} altered excerpts"


if __name__ == "__main__":
    run(main)
