"""Let ensembles learn from validation tracks how far to trust each model."""

import functools
from pathlib import Path

import numpy as np

from genre.evaluation.predictions import (
    labels_of,
    make_table,
    probabilities_of,
    read_predictions,
    write_predictions,
)
from genre.models.beyond.weighting import JOINS, fit_pool, fit_weights, join_by_others
from genre.models.names import BEYOND, ENSEMBLES
from genre.models.variants import models_of
from genre.params import Params
from stages import run, write_json

TABLES = Path("data/predictions")
TARGET = Path("data/learned")


def fit_exponents(softmax: np.ndarray, labels: np.ndarray, *, penalties: list[float]) -> np.ndarray:
    return fit_pool(softmax, labels, penalties=penalties).exponents


def main(params: Params) -> str:
    chosen = params.beyond.chosen()
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "README.md").write_text(
        "What the ensembles that learn say of each track.\n", encoding="utf-8", newline="\n"
    )
    if not chosen["learned"]:
        return "no ensemble is to learn"
    members = [m for m in models_of({**chosen, "learned": []}) if m not in ENSEMBLES]
    said = [read_predictions(TABLES / f"{model}.csv") for model in members]
    genres, split = said[0]["genre"], said[0]["split"]
    softmax = np.stack([probabilities_of(table).loc[genres.index] for table in said])
    val = (split == "val").to_numpy()
    learners = {
        "3.4": functools.partial(fit_weights, picks=params.learned.picks, bag=params.learned.bag),
        "3.5": functools.partial(fit_exponents, penalties=params.learned.penalties),
    }
    for number in chosen["learned"]:
        name = BEYOND["learned"][number]
        joined, weights = join_by_others(
            learners[number], JOINS[name], softmax, labels_of(genres), val
        )
        write_predictions(make_table(genres, split, joined.round(6)), TARGET / f"{name}.csv")
        trusted = dict(zip(members, weights.tolist(), strict=True))
        write_json(trusted, TARGET / f"{name}.json")
    return f"{len(chosen['learned'])} ensembles that learned from {val.sum()} validation tracks"


if __name__ == "__main__":
    run(main)
