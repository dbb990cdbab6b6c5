"""Gather experiments that differ in one parameter: each model's mean and standard deviation.

Usage: python -m tools.gather train.seed
"""

import argparse
import sys
from typing import Any

import dvc.api
import numpy as np
import pandas as pd
import yaml

SCORES = "data/comparison/models.csv"
UNKNOWN = "not known of one run"


def flatten(values: dict[str, Any], prefix: str = "") -> dict[str, object]:
    """A tree of dicts as one dict with dotted names."""
    flat: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = tuple(value) if isinstance(value, list) else value
    return flat


def read_experiments(names: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The parameters of each experiment, one a row; the scores by experiment and model."""
    params, scores = {}, {}
    for name in names:
        with dvc.api.open("params.yaml", rev=name, encoding="utf-8") as file:
            params[name] = flatten(yaml.safe_load(file))
        with dvc.api.open(SCORES, rev=name, encoding="utf-8") as file:
            scores[name] = pd.read_csv(file, index_col="model")[["accuracy", "f1"]]
    return pd.DataFrame(params).T, pd.concat(scores, names=["experiment"])


def gather(params: pd.DataFrame, scores: pd.DataFrame, parameter: str) -> pd.DataFrame:
    """Mean and standard deviation of each model's scores over the values of one parameter.

    Parameters
    ----------
    params : pd.DataFrame [index: experiment]
        The newest experiment first.
    scores : pd.DataFrame [index: experiment, model; columns: accuracy, f1]
        What each experiment found.
    parameter : str
        The parameter, for example "train.seed". Where experiments differ in others too, each
        combination of those is gathered by itself; of experiments with the same parameters the
        newest counts.

    Returns
    -------
    pd.DataFrame [index: values of other parameters that differ, model]
        The mean, the standard deviation (of a sample) and the range of the accuracy, mean and
        deviation of macro F1, and the number of "runs"; best first. "overlaps" lists the models
        whose accuracy, mean plus or minus one standard deviation, overlaps with this one's. One
        run has no deviation: a model that has no more gets `UNKNOWN`, and stands in the lists of
        others with a question mark.
    """
    params = params.astype(str).drop_duplicates()
    others = [name for name in params if name != parameter and len(set(params[name])) > 1]
    table = scores.join(params[others], on="experiment", how="inner")
    found = table.groupby([*others, "model"], sort=False).agg(
        accuracy=("accuracy", "mean"),
        std=("accuracy", "std"),
        least=("accuracy", "min"),
        most=("accuracy", "max"),
        f1=("f1", "mean"),
        f1_std=("f1", "std"),
        runs=("accuracy", "size"),
    )
    found = found.sort_values("accuracy", ascending=False, kind="stable")
    if not others:
        return found.assign(overlaps=overlaps(found))
    parts = [part.assign(overlaps=overlaps(part)) for _, part in found.groupby(others, sort=True)]
    return pd.concat(parts)


def overlaps(found: pd.DataFrame) -> list[str]:
    """For each model, those whose accuracy, mean plus or minus one deviation, overlaps."""
    low, high = found["accuracy"] - found["std"], found["accuracy"] + found["std"]
    single = found["std"].isna()
    models = found.index.get_level_values("model") + np.where(single, "?", "")
    lists = []
    for row in found.index:
        others = (found.index != row) & (single | (low <= high.loc[row]) & (high >= low.loc[row]))
        lists.append(UNKNOWN if single.loc[row] else " ".join(models[others]))
    return lists


def main() -> None:
    """Print what `gather` finds in the experiments of this commit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parameter", help="the parameter that differs, such as train.seed")
    parameter = parser.parse_args().parameter
    rows = pd.DataFrame(dvc.api.exp_show())
    finished = rows[rows["Experiment"].notna() & rows["State"].fillna("Success").eq("Success")]
    if finished.empty:
        sys.exit("there are no finished experiments; run some with dvc exp run --queue")
    params, scores = read_experiments(list(finished["Experiment"]))
    if parameter not in params or len(set(params[parameter])) < 2:
        sys.exit(f"the experiments do not differ in {parameter}")
    print(gather(params, scores, parameter).round(3).to_string())


if __name__ == "__main__":
    main()
