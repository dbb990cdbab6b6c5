import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.corpus.demo.styles import GENRES
from genre.corpus.tracks import picture_file, write_tracks
from genre.evaluation.predictions import make_table, write_predictions
from genre.models.names import BASELINES, ENSEMBLES, HYBRID
from genre.models.variants import MODELS
from genre.pictures.png import encode
from tests.conftest import run_all_here, write_params

TRACKS = 8  # a genre: five to test on, two to train on, one for validation


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """A folder in which everything before the evaluation has been made, for GTZAN's names."""
    folder = tmp_path_factory.mktemp("evaluated")
    rng = np.random.default_rng(3)
    tracks = [f"{genre}.{k:05d}" for genre in GENRES for k in range(TRACKS)]
    genres = pd.Series([t.partition(".")[0] for t in tracks], index=pd.Index(tracks, name="track"))
    sides = pd.Series(["train", "train", "val", *["test"] * 5] * len(GENRES), index=genres.index)
    for sub in ("data/predictions", "plots/curves", "metrics/runtime"):
        (folder / sub).mkdir(parents=True)
    rows = [
        {"track": t, "genre": g, "samples": 661500, "duration": 30.0, "reason": ""}
        for t, g in genres.items()
    ]
    write_tracks(rows, folder / "data/tracks.csv")
    split = {name: list(genres.index[sides == name]) for name in ("train", "val", "test")}
    dump(folder / "data/split.json", {"scheme": "stratified", "seed": 23, **split})
    pd.DataFrame({"track": tracks, "group": range(len(tracks))}).to_csv(
        folder / "data/groups.csv", index=False
    )
    for track in split["test"]:
        path = picture_file(folder / "data/pictures/original/test", track, genres[track])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(rng.integers(0, 255, (288, 432, 3), dtype=np.uint8)))
    heard = np.eye(len(GENRES))[pd.Categorical(genres, categories=sorted(GENRES)).codes]
    heard[7::8] = np.roll(heard[7::8], 1, axis=1)  # one track a genre passes for the next
    order = (*MODELS[:2], *BASELINES, *MODELS[2:])  # from the worst to the best
    for strength, model in zip(np.linspace(0, 1.2, 18), order, strict=True):
        softmax = rng.dirichlet(np.full(10, 0.4), len(tracks)) + strength * heard
        softmax /= softmax.sum(axis=1, keepdims=True)
        table = make_table(genres, sides, softmax)
        write_predictions(table, folder / f"data/predictions/{model}.csv")
        if model in MODELS and model not in ENSEMBLES:
            curve = np.geomspace(2, 0.1, 12)
            pd.DataFrame(
                {
                    "epoch": range(1, 13), "loss": curve, "accuracy": 1 - curve / 2.5,
                    "val_loss": curve + 0.3, "val_accuracy": 0.9 - curve / 2.5,
                }
            ).to_csv(folder / f"plots/curves/{model}.csv", index=False)  # fmt: skip
            run = {"epochs": 12, "seconds": 3.5, "examples_per_second": 99.5}
            run |= {"parameters": 1234567, "multiply_adds": 8_500_000, "milliseconds": 2.5}
            run |= {"after": "cnn-1.4"} if model == HYBRID else {}
            run |= dict.fromkeys(
                ("device", "processor", "instructions", "backend", "keras"), "one of them"
            )
            dump(folder / f"metrics/runtime/{model}.json", run)
    for model in BASELINES:
        cost = {"parameters": 40, "multiply_adds": 30_000, "milliseconds": 0.125}
        dump(folder / f"metrics/runtime/{model}.json", cost)
    counts = dict.fromkeys(GENRES, TRACKS) | {"salsa": 1}  # which is in no list of the split
    dump(
        folder / "metrics/corpus.json",
        {"tracks": 80, "usable": 80, "genres": counts, "left_out": {}, "clipped": 0, "short": 0,
         "only_the_middle": 7, "not_used": {"hidden": 13}, "mixed_down": 0,
         "resampled": 0, "exact_duplicates": 1, "near_duplicates": 0},
    )  # fmt: skip
    sizes = {"train": 2, "val": 1, "test": 5}
    dump(
        folder / "metrics/split.json",
        {"scheme": "stratified",
         "tracks": {
             s: {"all": 10 * n, "genres": dict.fromkeys(GENRES, n)} for s, n in sizes.items()
         },
         "in_no_split": 1,
         "groups": {"from": "groups.csv", "tracks_with_a_group": 60, "tracks_without_a_group": 20,
                    "shared_by_train_and_test": 3, "test_tracks_in_those": 7,
                    "shared_by_train_and_val": 2, "shared_by_val_and_test": 1},
         "duplicates": {"across_sides": 1}},
    )  # fmt: skip
    models = [model for model in MODELS for _ in range(2)]
    pd.DataFrame(
        {"model": models, "transformation": ["mp3", "band_4_khz"] * len(MODELS), "tracks": 50,
         "accuracy": 0.5, "lost": [0.02, 0.34] * len(MODELS), "changed": [0.06, 0.58] * len(MODELS),
         "beyond_chance": [False, True] * len(MODELS)}
    ).to_csv(folder / "data/robustness.csv", index=False)  # fmt: skip
    dump(folder / "metrics/robustness.json", {"verdict": "Some hear something else than music."})
    write_explanation(folder, genres, sides)
    for model in set(MODELS) - set(ENSEMBLES):
        write_model(folder / f"models/{model}.keras", {"picture": [48, 72, 1]})
    write_params(folder, {"data.source": "folder"})
    run_all_here(folder, "evaluate", "draw", "report")
    return folder


def write_explanation(folder: Path, genres: pd.Series, sides: pd.Series) -> None:
    """What the stage explain writes: all that was shuffled counts nothing, but for the tempo."""
    lost = pd.DataFrame({"lost": [0.0, 0.21], "deviation": 0.01}, index=["rms", "tempo"])
    places = pd.DataFrame({"split": sides, "genre": genres, "model": "cnn-1.4"})
    places["predicted"] = np.roll(genres, 1)  # the first of each genre passes for the last one
    places["x"], places["y"] = np.arange(len(genres)) % 9, np.arange(len(genres)) % 7
    (folder / "data/explanation").mkdir()
    for name, table, first in (("importance", lost, "hybrid-2.0"), ("map", places, "cnn-1.4")):
        names = ["model", "group"] if name == "importance" else ["embedding", "track"]
        whole = pd.concat({first: table}, names=names)
        whole.to_csv(folder / f"data/explanation/{name}.csv", index_label=names)


def write_model(path: Path, inputs: dict[str, list[int | None]]) -> None:
    """As much of a Keras model as says what it reads."""
    layers = [
        {"class_name": "InputLayer", "config": {"name": name, "batch_shape": [None, *shape]}}
        for name, shape in inputs.items()
    ]
    config = {"layers": layers, "input_layers": [[name, 0, 0] for name in inputs]}
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", json.dumps({"config": config}))


def dump(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
