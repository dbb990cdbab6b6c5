"""Train a linear classifier on the embeddings of a pretrained network; predict every track."""

import time
from pathlib import Path

from stages import arguments, choose_backend, run

choose_backend()

from genre.training import devices

import numpy as np
import pandas as pd

from genre.classification.altered import Altered
from genre.corpus.tracks import read_tracks
from genre.evaluation.predictions import classes_of, labels_of, make_table, write_predictions
from genre.features.definition import FEATURES
from genre.features.embeddings import Embeddings
from genre.features.tables import read_features
from genre.models.beyond.linear import build_linear, fit_linear, join
from genre.models.beyond.musicnn import embedder, load_musicnn
from genre.models.names import BEYOND, NETWORK
from genre.params import Params
from genre.splitting.splits import read_split
from genre.training.fitting import predict
from genre.training.cost import measure
from genre.training.saving import save_model, write_runtime


def main(params: Params) -> str:
    number = arguments().name
    name = BEYOND["linear"][number]
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    genres = tracks["genre"][tracks.index.isin(split.index)]
    heard = Embeddings.load(Path("data/embeddings/musicnn.npz"))
    inputs = [heard.whole[np.isin(heard.tracks, genres.index)]]
    if number == "4.2":
        table = read_features(Path("data/features/features_30_sec.csv"), genres.index)
        inputs.append(table[list(FEATURES)].to_numpy(np.float32))
    x, labels = np.hstack(inputs), labels_of(genres)
    parts = {part: (split[genres.index] == part).to_numpy() for part in ("train", "val")}
    altered = Altered.load(Path("data/altered"))
    further = [Embeddings.load(Path("data/embeddings/musicnn_altered.npz")).whole]
    if number == "4.2":
        further.append(altered.whole)
    train = parts["train"], genres.index.get_indexer(pd.Index(altered.tracks))
    x_train = np.concatenate([x[train[0]], np.hstack(further)])
    labels_train = np.concatenate([labels[rows] for rows in train])

    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,
    )
    start = time.perf_counter()
    linear = fit_linear(
        (x_train, labels_train),
        (x[parts["val"]], labels[parts["val"]]),
        classes=len(classes_of(genres)),
        strengths=params.linear.strengths,
    )
    seconds = time.perf_counter() - start
    model = build_linear(linear)
    [probabilities] = predict(model, x)
    cost = measure(model, lambda: predict(model, x), len(x), after=NETWORK)
    network = embedder(load_musicnn(next(iter(params.beyond.networks))))
    save_model(join(network, model), Path(f"models/{name}.keras"))
    write_predictions(
        make_table(genres, split, probabilities), Path(f"data/predictions/{name}.csv")
    )
    write_runtime(name, {"seconds": round(seconds, 1), **cost, **devices.describe()})
    return (
        f"{name}: validation log loss {linear.val_loss:.2f} with a strength of {linear.strength:g}"
    )


if __name__ == "__main__":
    run(main)
