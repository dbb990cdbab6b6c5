"""What each model costs, with all that it reads."""

from collections.abc import Iterable, Mapping
from typing import Any

COSTS = ("parameters", "multiply_adds", "milliseconds")


def costs_of(
    runs: Mapping[str, Mapping[str, Any]], ensembles: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, float]]:
    """Add up what models cost a track, from pictures, features and sound on.

    Parameters
    ----------
    runs : mapping of str to mapping
        What metrics/runtime/ has of each model: `COSTS`, and perhaps "after", the model whose
        output it reads.
    ensembles : mapping of str to iterable of str
        The models that each ensemble joins. To join them, a few operations a genre, is not counted.

    Returns
    -------
    dict of str to dict
        `COSTS` by model: parameters; multiply-adds and milliseconds of a track. What a model reads
        counts as a whole, the hybrid's CNN with its softmax; what several of an ensemble's models
        read counts once.
    """
    needed = {model: {model, *_read_by(model, runs)} for model in runs}
    for ensemble, members in ensembles.items():
        needed[ensemble] = set().union(*(needed[member] for member in members))
    return {
        model: {cost: round(sum(runs[part][cost] for part in parts), 3) for cost in COSTS}
        for model, parts in needed.items()
    }


def _read_by(model: str, runs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = []
    while model := runs[model].get("after", ""):
        found.append(model)
    return found
