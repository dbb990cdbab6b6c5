"""A folder in which `dvc repro` ran, as far as those see who ask the models: none learned much."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from genre.evaluation.predictions import make_table, write_predictions
from genre.features.definition import FEATURES
from genre.models.cnn import build_cnn, embedder
from genre.models.hybrid import build_hybrid, join
from genre.models.names import BASELINES, HYBRID
from genre.models.rnn import build_rnn
from genre.models.variants import CNNS, MODELS, RNNS
from genre.training.saving import save_model
from tests.conftest import changed, demo_values

GENRES = ["blues", "jazz", "rock"]
SIZES = {"framed": [32, 48], "cropped": [24, 36]}
SURE = {"jazz": 3.0}  # what every model says of everything, in logits
STEPS = 2


def set_params(folder: Path) -> None:
    values = changed(demo_values(), {"data.duration": 6.0, "cnn.size": SIZES})
    (folder / "params.yaml").write_text(yaml.safe_dump(values))
    (folder / "dvc.lock").write_text(yaml.safe_dump({"stages": {}}))


def write_models(folder: Path) -> Path:
    """Models with the weights that they begin with, and what they said of a corpus."""
    set_params(folder)
    bias = [SURE.get(genre, 0.0) for genre in GENRES]
    for variant, made in CNNS.items():
        shape = (*SIZES[made["frame"]], 1)
        cnn = build_cnn(made["architecture"], shape=shape, classes=len(GENRES))
        cnn.layers[-1].bias.assign(bias)
        save_model(cnn, folder / f"models/cnn-{variant}.keras")
    for variant, made in RNNS.items():
        rnn = build_rnn(made["architecture"], shape=(STEPS, len(FEATURES)), classes=len(GENRES))
        rnn.layers[-1].bias.assign(bias)
        save_model(rnn, folder / f"models/rnn-{variant}.keras")
    trunk, width = embedder(cnn), len(FEATURES)
    hybrid = build_hybrid(inputs=trunk.output_shape[-1] + width, classes=len(GENRES))
    hybrid.layers[-1].bias.assign(bias)
    save_model(
        join(trunk, hybrid, np.zeros(width), np.full(width, 1e4)), folder / f"models/{HYBRID}.keras"
    )
    write_tables(folder)
    return folder


def write_tables(folder: Path) -> None:
    rng = np.random.default_rng(1)
    tracks = pd.Index([f"{genre}.{k:05d}" for genre in GENRES for k in range(8)], name="track")
    genres = pd.Series([track.partition(".")[0] for track in tracks], index=tracks)
    split = pd.Series((["train"] * 4 + ["val"] * 2 + ["test"] * 2) * len(GENRES), index=tracks)
    right = genres.to_numpy()[:, None] == np.array(GENRES)
    for name in (*MODELS, *BASELINES):
        said = rng.dirichlet(np.ones(len(GENRES)), len(tracks)) + right
        table = make_table(genres, split, said / said.sum(axis=1, keepdims=True))
        write_predictions(table, folder / f"data/predictions/{name}.csv")
    metrics = folder / "metrics/models/cnn-1.4.json"
    metrics.parent.mkdir(parents=True)
    scores = {"accuracy": 0.75, "accuracy_low": 0.5, "accuracy_high": 0.95}
    metrics.write_text(json.dumps(scores))
    (folder / "metrics/summary.json").write_text(json.dumps({"best": {"model": "cnn-1.4"}}))
