"""Fit the baselines on the features of whole tracks, and predict every track."""

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
from stages import run


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
            answer = fit_baseline(name, x, labels, parts, seed=seed, svm=svm)
            probabilities = answer(x)
        table = make_table(genres, split, probabilities.round(6))
        write_predictions(table, Path(f"data/predictions/{name}.csv"))
    return f"{len(BASELINES)} baselines fitted on {(parts != 'test').sum()} tracks"


if __name__ == "__main__":
    run(main)
