"""Fit the baselines on the features of whole tracks, and predict every track."""

import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from genre.corpus.tracks import read_tracks
from genre.evaluation.predictions import labels_of, make_table, write_predictions
from genre.features.definition import FEATURES
from genre.features.tables import read_features
from genre.models.baselines import fit_baseline
from genre.models.names import BASELINES
from genre.params import Params
from genre.splitting.splits import read_split
from genre.work.processor import instructions
from stages import run, write_json


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    genres = tracks["genre"][tracks.index.isin(split.index)]
    features = read_features(Path("data/features/features_30_sec.csv"), genres.index)
    x = features[list(FEATURES)].to_numpy(np.float64)
    parts = split[genres.index].to_numpy(str)
    labels, seed = labels_of(genres), params.train.seed
    svm = (params.svm.strengths, params.svm.widths)
    for name in BASELINES:
        with threadpool_limits(limits=1):  # boosting waits for its threads longer than they work
            baseline = fit_baseline(name, x, labels, parts, seed=seed, svm=svm)
            start = time.perf_counter()
            probabilities = baseline.predict(x)
            seconds = time.perf_counter() - start
        parameters, multiply_adds = baseline.cost()
        cost = {
            "parameters": parameters,
            "multiply_adds": multiply_adds,
            "milliseconds": round(1000 * seconds / len(x), 3),
            "instructions": instructions(),
            "scikit-learn": version("scikit-learn"),
        }
        write_json(cost, Path(f"metrics/runtime/{name}.json"))
        table = make_table(genres, split, probabilities.round(6))
        write_predictions(table, Path(f"data/predictions/{name}.csv"))
    return f"{len(BASELINES)} baselines fitted on {(parts != 'test').sum()} tracks"


if __name__ == "__main__":
    run(main)
