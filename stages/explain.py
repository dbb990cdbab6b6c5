"""Find which features models cannot do without, and lay embeddings out in a plane."""

import functools
import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from stages import choose_backend, run

choose_backend()

from genre.training import devices

import keras
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from genre.corpus.tracks import read_tracks
from genre.evaluation.importance import groups_of, permutation_importance
from genre.evaluation.maps import lay_out
from genre.evaluation.predictions import labels_of, predicted, read_predictions
from genre.features.definition import FEATURES
from genre.features.tables import read_features
from genre.models.baselines import fit_baseline
from genre.models.names import BASELINES, BEYOND, HYBRID, NETWORK
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from genre.work.cache import key
from genre.work.parallel import for_each

TABLES = Path("data/explanation")
GROUPS = groups_of(FEATURES)
BOTH = BEYOND["linear"]["4.2"]  # what a network heard, and the features
Answer = Callable[[np.ndarray], np.ndarray]  # from features to softmax
SVMSettings = tuple[list[float], list[float]]  # strengths and widths to choose from


def lost_by(answer: Answer, features: np.ndarray, labels: np.ndarray, seed: int) -> pd.DataFrame:
    """What a model loses; all models' features are shuffled alike."""
    rng = generator(seed, "importance")
    return permutation_importance(answer, features, labels, GROUPS, rng)


def lost_by_baseline(
    name: str,
    *,
    features: np.ndarray,
    labels: np.ndarray,
    parts: np.ndarray,
    seed: int,
    shuffled_by: int,
    svm: SVMSettings,
) -> pd.DataFrame:
    """What a baseline loses, once it is fitted again."""
    baseline = fit_baseline(name, features, labels, parts, seed=seed, svm=svm)
    test = parts == "test"
    return lost_by(baseline.predict, features[test], labels[test], shuffled_by)


def lost_by_baselines(
    features: np.ndarray, labels: np.ndarray, parts: np.ndarray, params: Params
) -> dict[str, pd.DataFrame]:
    """What each baseline that reads features loses, which is kept between runs."""
    names = BASELINES[1:]
    arrays: dict[str, Any] = {"features": features, "labels": labels, "parts": parts}
    settings: dict[str, Any] = {
        "seed": params.train.seed,
        "shuffled_by": params.seed,
        "svm": (params.svm.strengths, params.svm.widths),
    }
    data = [hashlib.sha256(array.tobytes()).hexdigest() for array in arrays.values()]
    made_of = (*data, settings, version("scikit-learn"))
    keys = [key(lost_by_baseline, name, *made_of) for name in names]
    work = functools.partial(lost_by_baseline, **arrays, **settings)
    found = for_each(work, names, description="baselines", keys=keys, processes=1)
    return dict(zip(names, found, strict=True))


def embeddings_of(name: str, tracks: pd.Index) -> np.ndarray:
    """What a network says of each track."""
    with np.load(f"data/embeddings/{name}.npz") as arrays:
        rows = pd.Index(arrays["tracks"]).get_indexer(tracks)
        found: np.ndarray = arrays["whole" if name == NETWORK else "x"][rows]
    return found


def readers(cnn: str, linear: list[str], tested: pd.Index) -> dict[str, Answer]:
    """The networks that read features beside an embedding, which stays that of its track."""

    def answer(embeddings: np.ndarray, network: keras.Model, features: np.ndarray) -> np.ndarray:
        times = len(features) // len(embeddings)
        x = np.hstack([np.tile(embeddings, (times, 1)), features]).astype(np.float32)
        found: np.ndarray = network.predict_on_batch(x)
        return found

    def layers(model: str, *names: str) -> list[keras.Layer]:
        network = keras.models.load_model(f"models/{model}.keras", safe_mode=True)
        return [network.get_layer(name) for name in names]

    seen, (scaling, hybrid) = embeddings_of(cnn, tested), layers(HYBRID, "scaling", "hybrid")
    found: dict[str, Answer] = {
        HYBRID: lambda x: answer(seen, hybrid, keras.ops.convert_to_numpy(scaling(x)))
    }
    if BOTH in linear:
        heard, [classifier] = embeddings_of(NETWORK, tested), layers(BOTH, "linear")
        found[BOTH] = lambda x: answer(heard, classifier, x)
    return found


def lay_out_all(maps: dict[str, str], labels: np.ndarray) -> dict[str, pd.DataFrame]:
    """A map of each network's embeddings, and what the model beside it says of the tracks."""
    laid = {}
    for name, model in maps.items():
        table = read_predictions(Path(f"data/predictions/{model}.csv"))
        train = (table["split"] == "train").to_numpy()
        x, y = lay_out(embeddings_of(name, table.index), labels, train).T
        said = predicted(table)
        laid[name] = table[["split", "genre"]].assign(model=model, predicted=said, x=x, y=y)
    return laid


def write(name: str, tables: dict[str, pd.DataFrame], first: str) -> None:
    """Write tables as one, whose first column tells them apart."""
    TABLES.mkdir(parents=True, exist_ok=True)
    whole = pd.concat(tables, names=[first]).round(4)
    whole.to_csv(TABLES / f"{name}.csv", lineterminator="\n")


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    genres = tracks["genre"][tracks.index.isin(split.index)]
    parts, labels = split[genres.index].to_numpy(str), labels_of(genres)
    test = parts == "test"
    table = read_features(Path("data/features/features_30_sec.csv"), genres.index)
    features = table[list(FEATURES)].to_numpy(np.float64)
    cnn = f"cnn-{params.model.variant}"
    linear = [BEYOND["linear"][number] for number in params.beyond.linear]
    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,
    )
    answers = readers(cnn, linear, genres.index[test])
    lost = {
        name: lost_by(answer, features[test], labels[test], params.seed)
        for name, answer in answers.items()
    }
    lost |= lost_by_baselines(features, labels, parts, params)
    maps = {cnn: cnn} | dict(zip([NETWORK], linear, strict=False))  # whose failures to mark
    with threadpool_limits(limits=1):
        laid = lay_out_all(maps, labels)
    write("importance", lost, "model")
    write("map", laid, "embedding")
    return (
        f"importance of {len(GROUPS)} groups of features for {len(lost)} models; {len(laid)} maps"
    )


if __name__ == "__main__":
    run(main)
