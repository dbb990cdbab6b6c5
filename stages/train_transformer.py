"""Train the transformer over the steps of a track, and predict every track."""

from pathlib import Path

from stages import arguments, choose_backend, run

choose_backend()

from genre.training import devices

import numpy as np
import pandas as pd

from genre.classification.altered import Altered
from genre.corpus.tracks import read_tracks
from genre.evaluation.predictions import classes_of, labels_of, make_table, write_predictions
from genre.features.embeddings import Embeddings
from genre.features.sequences import Sequences
from genre.models.beyond.transformer import (
    Scaling,
    arrange,
    at_steps,
    build_transformer,
    of_arranged,
)
from genre.models.names import BEYOND, NETWORK
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from genre.training.fitting import fit, predict
from genre.training.cost import measure
from genre.training.runs import curves_of, write_run
from genre.training.saving import save_model


def main(params: Params) -> str:
    name = BEYOND["transformer"][arguments().name]
    settings = params.transformer
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    genres = tracks["genre"][tracks.index.isin(split.index)]
    labels = labels_of(genres)
    features = Sequences.load(Path("data/sequences/raw.npz")).x
    heard = Embeddings.load(Path("data/embeddings/musicnn.npz"))
    embeddings = at_steps(heard.steps, features.shape[1])[np.isin(heard.tracks, genres.index)]
    x = arrange(features, embeddings)
    parts = {part: (split[genres.index] == part).to_numpy() for part in ("train", "val")}
    altered = Altered.load(Path("data/altered"))
    steps = Embeddings.load(Path("data/embeddings/musicnn_altered.npz")).steps
    further = arrange(altered.sequences, at_steps(steps, features.shape[1]))
    x_train = np.concatenate([x[parts["train"]], further])
    rows = genres.index.get_indexer(pd.Index(altered.tracks))
    labels_train = np.concatenate([labels[parts["train"]], labels[rows]])

    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,
    )
    with devices.scope():
        model = build_transformer(
            Scaling.of(features[parts["train"]]),
            Scaling.of(embeddings[parts["train"]]),
            steps=features.shape[1],
            classes=len(classes_of(genres)),
            width=settings.width,
            blocks=settings.blocks,
            heads=settings.heads,
            dropout=settings.dropout,
            without=settings.without,
        )
        arranged = of_arranged(model)
        done = fit(
            arranged,
            (x_train, labels_train),
            (x[parts["val"]], labels[parts["val"]]),
            generator(params.train.seed, name),
            parameter="transformer.training",
            **settings.training.model_dump(),
            backup=params.train.backup,
            curves=curves_of(name),
        )
    [probabilities] = predict(arranged, x)
    cost = measure(model, lambda: predict(arranged, x), len(x), after=NETWORK)
    save_model(model, Path(f"models/{name}.keras"))
    write_predictions(
        make_table(genres, split, probabilities), Path(f"data/predictions/{name}.csv")
    )
    return write_run(name, done, cost, devices.describe())


if __name__ == "__main__":
    run(main)
