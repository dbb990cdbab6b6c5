"""Gather experiments that differ in one parameter: mean and standard deviation of their summary.

Usage: python -m tools.gather split.fold
"""

import argparse
import sys

import dvc.api
import pandas as pd
import yaml

METRICS = "metrics/summary.json"


def flatten(values: dict, prefix: str = "") -> dict[str, object]:
    """A tree of dicts as one dict with dotted names."""
    flat = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = tuple(value) if isinstance(value, list) else value
    return flat


def read_experiments(names: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The parameters and the scores of each experiment, one a row."""
    params, scores = {}, {}
    for name in names:
        with dvc.api.open("params.yaml", rev=name) as file:
            params[name] = flatten(yaml.safe_load(file))
        summary = dvc.api.metrics_show(METRICS, rev=name)
        scores[name] = {k: v for k, v in flatten(summary).items() if isinstance(v, int | float)}
    return pd.DataFrame(params).T, pd.DataFrame(scores).T.astype(float)


def gather(params: pd.DataFrame, scores: pd.DataFrame, parameter: str) -> pd.DataFrame:
    """Mean and standard deviation of each score over the values of one parameter.

    Parameters
    ----------
    params, scores : pd.DataFrame
        One row an experiment, the newest first.
    parameter : str
        The parameter, for example "split.fold". Where experiments differ in others too, each
        combination of those is gathered by itself; of experiments with the same parameters the
        newest counts.

    Returns
    -------
    pd.DataFrame
        One row a score: its mean, its standard deviation (of a sample), its least and its
        greatest value, and the number of experiments; behind the values of the other parameters
        that differ.
    """
    params = params.astype(str).drop_duplicates()
    others = [name for name in params if name != parameter and len(set(params[name])) > 1]
    table = params[others].join(scores)
    rows = table.melt(id_vars=others, var_name="score", ignore_index=False)
    found = rows.groupby([*others, "score"], sort=False)["value"]
    return found.agg(["mean", "std", "min", "max", "count"])


def main() -> None:
    """Print what `gather` finds in the experiments of this commit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parameter", help="the parameter that differs, such as split.fold")
    parameter = parser.parse_args().parameter
    rows = pd.DataFrame(dvc.api.exp_show())
    finished = rows[rows["Experiment"].notna() & rows["State"].fillna("Success").eq("Success")]
    if finished.empty:
        sys.exit("there are no finished experiments; run some with dvc exp run --queue")
    params, scores = read_experiments(list(finished["Experiment"]))
    if parameter not in params or len(set(params[parameter])) < 2:
        sys.exit(f"the experiments do not differ in {parameter}")
    print(gather(params, scores, parameter).round(4).to_string())


if __name__ == "__main__":
    main()
