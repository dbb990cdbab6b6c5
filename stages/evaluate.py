"""Score all models and baselines on the test tracks, test which differ, and write the headline."""

import itertools
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from genre.errors import InputError
from genre.evaluation.failures import consensus
from genre.evaluation.predictions import column_of, predicted, read_predictions
from genre.evaluation.scores import by_class, calibration, confusion, overall, rank_by_validation
from genre.evaluation.significance import compare, intervals
from genre.models.names import BASELINES, ENSEMBLES, chosen
from genre.models.variants import models_of, table_of
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from stages import read_json, run, write_json

METRICS = Path("metrics/models")
TABLES = Path("data/comparison")
HEADLINE = Path("plots/headline")

log = logging.getLogger(__name__)


def read_all(models: Iterable[str], split: pd.Series) -> dict[str, pd.DataFrame]:
    """What each model says of these tracks; one that was not asked about them is left out."""
    found, absent = {}, []
    for model in models:
        table = read_predictions(table_of(model)) if table_of(model).is_file() else None
        if table is None or table["split"].to_dict() != split.to_dict():
            absent.append(model)
        else:
            found[model] = table
    if absent:
        log.warning("not scored, since they have no predictions here: %s", ", ".join(absent))
    return found


def write_headline(
    params: Params,
    scheme: str,
    scores: pd.DataFrame,
    tests: dict[str, pd.DataFrame],
    best: pd.Series,
) -> None:
    """Write about the chosen CNN and RNN, the hybrid, the ensembles, and the best by validation."""
    chain = {
        **chosen(params.model.variant, params.rnn.variant),
        **{f"ensemble_{rule}": model for model, rule in ENSEMBLES.items()},
    }
    HEADLINE.mkdir(parents=True, exist_ok=True)
    summary: dict[str, Any] = {"split": scheme}
    for role, model in chain.items():
        if model not in tests:
            continue
        summary[role] = dict(scores.loc[model, ["accuracy", "f1"]])
        pairs = {"actual": tests[model]["genre"], "predicted": predicted(tests[model])}
        table = pd.DataFrame(pairs)
        table.to_csv(HEADLINE / f"{role}_confusion.csv", index=False, lineterminator="\n")
    name = str(best.name)
    summary["best"] = {
        "model": name,
        "val_log_loss": best["log_loss"],
        **scores.loc[name, ["accuracy", "f1"]],
    }
    write_json(summary, Path("metrics/summary.json"))


def main(params: Params) -> str:
    split = read_split(Path("data/split.json"))
    said = read_all((*models_of(params.beyond.chosen()), *BASELINES), split)
    candidates = [model for model in said if model not in BASELINES]
    baselines = [model for model in said if model in BASELINES]
    if not candidates or not baselines:
        raise InputError("there is nothing to compare: run dvc repro baselines, and train a model")
    tests = {model: table[table["split"] == "test"] for model, table in said.items()}
    validation = rank_by_validation({model: said[model] for model in candidates})
    scheme = read_json(Path("data/split.json"))["scheme"]
    groups = pd.read_csv("data/groups.csv", dtype={"track": str}).set_index("track")["group"]
    TABLES.mkdir(parents=True, exist_ok=True)

    scores = {}
    for model, test in tests.items():
        limits = intervals(test, groups, generator(params.seed, "bootstrap")).round(6)
        scores[model] = overall(test)
        for metric, low, high in limits.itertuples():
            scores[model] |= {f"{metric}_low": low, f"{metric}_high": high}
        report = {**scores[model], "tracks": len(test), "split": scheme}
        write_json(report, METRICS / f"{model}.json")
    models = pd.DataFrame(scores).T.rename_axis("model")
    best_baseline = max(baselines, key=models["accuracy"].__getitem__)
    right = pd.DataFrame({m: predicted(test) == test["genre"] for m, test in tests.items()})
    by_model = {
        "genres": by_class,
        "confusion": lambda test: confusion(test).rename_axis("genre").rename(columns=column_of),
        "calibration": calibration,
    }
    tables = {
        "models": models,
        "validation": validation,
        **{
            name: pd.concat({m: score(test) for m, test in tests.items()}, names=["model"])
            for name, score in by_model.items()
        },
        "pairs": compare(right, itertools.combinations(tests, 2)).set_index("model"),
        "baseline": compare(right, [(m, best_baseline) for m in candidates]).set_index("model"),
        "failures": consensus({model: tests[model] for model in candidates}),
    }
    for name, table in tables.items():
        table.round(6).to_csv(TABLES / f"{name}.csv", lineterminator="\n")
    write_headline(params, scheme, models.round(6), tests, validation.round(6).iloc[0])
    best = validation.index[0]
    accuracy, low, high = models.loc[best, ["accuracy", "accuracy_low", "accuracy_high"]]
    return (
        f"{len(candidates)} models and {len(baselines)} baselines scored on {len(right)} tracks; "
        f"the best by validation is {best}, accuracy {accuracy:.3f} (95 % interval {low:.3f} to "
        f"{high:.3f})"
    )


if __name__ == "__main__":
    run(main)
