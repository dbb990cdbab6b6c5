"""Let ensembles learn from validation tracks how far to trust each model."""

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np

from genre.evaluation.predictions import (
    labels_of,
    make_table,
    probabilities_of,
    read_predictions,
    write_predictions,
)
from genre.models.beyond.weighting import (
    fit_pool,
    fit_weights,
    join_by_others,
    log_linear_pool,
    weighted_mean,
)
from genre.models.names import BEYOND, ENSEMBLES
from genre.models.variants import models_of
from genre.params import Params
from stages import run

TABLES = Path("data/predictions")
TARGET = Path("data/learned")

Join = Callable[[np.ndarray], np.ndarray]


def learn_weights(softmax: np.ndarray, labels: np.ndarray, *, picks: int, bag: int) -> Join:
    weights = fit_weights(softmax, labels, picks=picks, bag=bag)
    return functools.partial(weighted_mean, weights=weights)


def learn_pool(softmax: np.ndarray, labels: np.ndarray, *, penalties: list[float]) -> Join:
    pool = fit_pool(softmax, labels, penalties=penalties)
    return functools.partial(log_linear_pool, exponents=pool.exponents)


def main(params: Params) -> str:
    chosen = params.beyond.chosen()
    members = [m for m in models_of({**chosen, "learned": []}) if m not in ENSEMBLES]
    said = [read_predictions(TABLES / f"{model}.csv") for model in members]
    genres, split = said[0]["genre"], said[0]["split"]
    softmax = np.stack([probabilities_of(table).loc[genres.index] for table in said])
    val = (split == "val").to_numpy()
    learners = {
        "3.4": functools.partial(learn_weights, picks=params.learned.picks, bag=params.learned.bag),
        "3.5": functools.partial(learn_pool, penalties=params.learned.penalties),
    }
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "README.md").write_text("What the ensembles that learn say of each track.\n")
    for number in chosen["learned"]:
        joined = join_by_others(learners[number], softmax, labels_of(genres), val)
        table = make_table(genres, split, joined.round(6))
        write_predictions(table, TARGET / f"{BEYOND['learned'][number]}.csv")
    return f"{len(chosen['learned'])} ensembles that learned from {val.sum()} validation tracks"


if __name__ == "__main__":
    run(main)
