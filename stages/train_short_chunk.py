"""Train the short-chunk CNN on sound, and predict every track."""

from pathlib import Path

from stages import arguments, choose_backend, run

choose_backend()

from genre.training import devices

import numpy as np

from genre.corpus.tracks import read_tracks
from genre.evaluation.predictions import classes_of, labels_of, make_table, write_predictions
from genre.features.log_mels import LogMels
from genre.features.patches import FRAMES, N_MELS
from genre.models.portable import cross_entropy
from genre.models.beyond.short_chunk import build_short_chunk, folded
from genre.models.names import BEYOND
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from genre.training.chunks import RandomChunks, WholeTracks, predict_tracks
from genre.training.fitting import fit
from genre.training.cost import measure
from genre.training.runs import curves_of, write_run
from genre.training.saving import save_model

TIMED = 20  # tracks that the milliseconds of one are measured on


def main(params: Params) -> str:
    name = BEYOND["short_chunk"][arguments().name]
    settings = params.short_chunk
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    genres = tracks["genre"][tracks.index.isin(split.index)]
    labels = labels_of(genres)
    sound = dict(LogMels.read(Path("data/log_mels")).by_track())
    x = [sound[track] for track in genres.index]
    train, val = (np.flatnonzero(split[genres.index] == part) for part in ("train", "val"))

    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,
    )
    rng = generator(params.train.seed, name)
    chunks = RandomChunks(
        [x[k] for k in train],
        labels[train],
        settings.training.batch_size,
        rng,
        length=FRAMES,
        draws=settings.draws,
        level=settings.level,
        time_mask=settings.time_mask,
        frequency_mask=settings.frequency_mask,
    )
    with devices.scope():
        model = build_short_chunk(
            settings.widths,
            shape=(FRAMES, N_MELS),
            classes=len(classes_of(genres)),
            dropout=settings.dropout,
        )
        done = fit(
            model,
            chunks,
            WholeTracks([x[k] for k in val], labels[val], length=FRAMES),
            rng,
            parameter="short_chunk.training",
            **settings.training.model_dump(),
            loss=cross_entropy,
            backup=params.train.backup,
            curves=curves_of(name),
        )
        model = folded(model)
    probabilities = predict_tracks(model, x, length=FRAMES)
    some, chunks_of_one = x[:TIMED], max(len(x[0]) // FRAMES, 1)
    cost = measure(
        model,
        lambda: predict_tracks(model, some, length=FRAMES),
        len(some),
        length=chunks_of_one,
    )
    save_model(model, Path(f"models/{name}.keras"))
    write_predictions(
        make_table(genres, split, probabilities), Path(f"data/predictions/{name}.csv")
    )
    return write_run(name, done, cost, devices.describe())


if __name__ == "__main__":
    run(main)
