"""Train the hybrid of the chosen CNN and the features of whole tracks; predict every track."""

from pathlib import Path

from stages import choose_backend, run

choose_backend()

from genre.training import devices

import keras
import numpy as np

from genre.corpus.tracks import read_tracks
from genre.evaluation.predictions import classes_of, labels_of, make_table, write_predictions
from genre.features.definition import FEATURES
from genre.features.sequences import extent_of
from genre.features.tables import read_features
from genre.models.cnn import embedder
from genre.models.hybrid import build_hybrid, join
from genre.models.names import HYBRID
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from genre.training.fitting import fit, predict
from genre.training.cost import measure
from genre.training.runs import curves_of, write_run
from genre.training.saving import save_model


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    genres = tracks["genre"][tracks.index.isin(split.index)]
    cnn = f"cnn-{params.model.variant}"
    with np.load(f"data/embeddings/{cnn}.npz") as arrays:
        embeddings = arrays["x"]
    table = read_features(Path("data/features/features_30_sec.csv"), genres.index)
    features = table[list(FEATURES)].to_numpy(np.float32)
    parts = {part: (split[genres.index] == part).to_numpy() for part in ("train", "val")}
    minimum, extent = extent_of(features[parts["train"]])
    x = np.hstack([embeddings, (features - minimum) / extent])
    labels = labels_of(genres)

    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,
    )
    with devices.scope():
        model = build_hybrid(inputs=x.shape[1], classes=len(classes_of(genres)))
        done = fit(
            model,
            (x[parts["train"]], labels[parts["train"]]),
            (x[parts["val"]], labels[parts["val"]]),
            generator(params.train.seed, "hybrid"),
            parameter="hybrid",
            **params.hybrid.model_dump(),
            backup=params.train.backup,
            curves=curves_of(HYBRID),
        )
    [probabilities] = predict(model, x)
    cost = measure(model, lambda: predict(model, x), len(x), after=cnn)
    trunk = embedder(keras.models.load_model(f"models/{cnn}.keras", safe_mode=True))
    save_model(join(trunk, model, minimum, extent), Path(f"models/{HYBRID}.keras"))
    write_predictions(
        make_table(genres, split, probabilities), Path(f"data/predictions/{HYBRID}.csv")
    )
    return write_run(HYBRID, done, cost, devices.describe())


if __name__ == "__main__":
    run(main)
