"""Join the hybrid and the chosen RNN in the study's three ways."""

from pathlib import Path

from genre.evaluation.predictions import (
    make_table,
    probabilities_of,
    read_predictions,
    write_predictions,
)
from genre.models.ensembles import DIGITS, combine
from genre.models.names import ENSEMBLES, HYBRID
from genre.params import Params
from stages import run

TABLES = Path("data/predictions")


def main(params: Params) -> str:
    hybrid = read_predictions(TABLES / f"{HYBRID}.csv")
    rnn = read_predictions(TABLES / f"rnn-{params.rnn.variant}.csv").loc[hybrid.index]
    first, second = probabilities_of(hybrid), probabilities_of(rnn)
    for name, rule in ENSEMBLES.items():
        joined = combine(first.to_numpy(), second.to_numpy(), rule=rule)
        table = make_table(hybrid["genre"], hybrid["split"], joined.round(DIGITS))
        write_predictions(table, TABLES / f"{name}.csv")
    return f"{len(ENSEMBLES)} ensembles of {HYBRID} and rnn-{params.rnn.variant}"


if __name__ == "__main__":
    run(main)
