"""Train one RNN, and predict every track."""

from pathlib import Path

from stages import arguments, choose_backend, run

choose_backend()

from genre.training import devices

import numpy as np

from genre.corpus.tracks import read_tracks
from genre.evaluation.predictions import classes_of, labels_of, make_table, write_predictions
from genre.features.sequences import Sequences
from genre.models.rnn import build_rnn, with_scaling
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from genre.training.fitting import fit, predict
from genre.training.cost import measure
from genre.training.runs import curves_of, write_run
from genre.training.saving import save_model


def main(params: Params) -> str:
    variant = arguments("architecture", "sequences", "training")
    name = variant.name
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    sequences = Sequences.load(Path("data/sequences") / f"{variant.sequences}.npz")
    genres = tracks["genre"][tracks.index.isin(split.index)]
    labels = dict(zip(genres.index, labels_of(genres), strict=True))
    y = np.array([labels[track] for track in sequences.tracks])
    parts = {part: (split[sequences.tracks] == part).to_numpy() for part in ("train", "val")}

    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,
    )
    with devices.scope():
        model = build_rnn(
            variant.architecture, shape=sequences.x.shape[1:], classes=len(classes_of(genres))
        )
        done = fit(
            model,
            (sequences.x[parts["train"]], y[parts["train"]]),
            (sequences.x[parts["val"]], y[parts["val"]]),
            generator(params.train.seed, "rnn", name),
            parameter=f"rnn.training.{variant.training}",
            **params.rnn.training[variant.training].model_dump(),
            backup=params.train.backup,
            curves=curves_of(f"rnn-{name}"),
        )
    x = sequences.x[: len(genres)]
    [probabilities] = predict(model, x)
    cost = measure(model, lambda: predict(model, x), len(x))
    if variant.sequences != "raw":
        model = with_scaling(model, sequences.minimum, sequences.extent)
    save_model(model, Path(f"models/rnn-{name}.keras"))
    write_predictions(
        make_table(genres, split, probabilities), Path(f"data/predictions/rnn-{name}.csv")
    )
    return write_run(f"rnn-{name}", done, cost, devices.describe())


if __name__ == "__main__":
    run(main)
