"""What a trained model costs a track, in numbers and in time."""

import time
from collections.abc import Callable

import keras

from genre.models.cost import cost_of


def measure(
    model: keras.Model,
    apply: Callable[[], object],
    tracks: int,
    *,
    length: int | None = None,
    times: int = 1,
    after: str = "",
) -> dict[str, object]:
    """Measure what a model costs a track, from its inputs on.

    Parameters
    ----------
    model : keras.Model
        The model.
    apply : callable
        Applies it to some tracks, once more than was done already: a first time compiles.
    tracks : int > 0
        To how many.
    length : int > 0, optional
        What `genre.models.cost.cost_of` takes.
    times : int > 0
        How often a track takes it.
    after : str
        The model whose output it reads, which costs what it costs besides.

    Returns
    -------
    dict
        "parameters"; "multiply_adds" and "milliseconds" of a track; "after".
    """
    start = time.perf_counter()
    apply()
    seconds = time.perf_counter() - start
    cost = cost_of(model, length=length)
    return {
        "parameters": cost.parameters,
        "multiply_adds": times * cost.multiply_adds,
        "milliseconds": round(1000 * seconds / tracks, 3),
        **({"after": after} if after else {}),
    }
