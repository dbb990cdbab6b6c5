"""What each model costs, with all that it reads."""

from collections.abc import Iterable, Mapping

import pandas as pd

COSTS = ("parameters", "multiply_adds", "milliseconds")


def costs_of(
    runs: Mapping[str, Mapping[str, float | str]], ensembles: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """Add up what models cost a track, from pictures, features and sound on.

    Parameters
    ----------
    runs : mapping of str to mapping
        What metrics/runtime/ has of each model: `COSTS`, and perhaps "after", the model whose
        output it reads.
    ensembles : mapping of str to iterable of str
        The models that each ensemble joins.

    Returns
    -------
    pd.DataFrame [index: model, columns: COSTS]
        Parameters; multiply-adds and milliseconds of a track. What several of an ensemble's models
        read counts once.
    """
    needed = {model: {model, *_read_by(model, runs)} for model in runs}
    for ensemble, members in ensembles.items():
        needed[ensemble] = set().union(*(needed[member] for member in members))
    rows = {
        model: {cost: sum(float(runs[each][cost]) for each in sorted(parts)) for cost in COSTS}
        for model, parts in needed.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COSTS))


def _read_by(model: str, runs: Mapping[str, Mapping[str, float | str]]) -> list[str]:
    found = []
    while model := str(runs[model].get("after", "")):
        found.append(model)
    return found
