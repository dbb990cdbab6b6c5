"""What a training tells of itself: its curves, how long it took, and what the model costs."""

import time
from collections.abc import Callable
from pathlib import Path

import keras

from genre.models.cost import cost_of
from genre.training.fitting import Fit
from genre.training.saving import write_runtime


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


def write_run(model: str, done: Fit, cost: dict[str, object], environment: dict[str, str]) -> str:
    """Write the curves of a training, and beside them what describes the run.

    Parameters
    ----------
    model : str
        Name of the model.
    done : Fit
        What training gave.
    cost : dict
        What `measure` gave.
    environment : dict
        Devices and versions.

    Returns
    -------
    str
        A line for people.
    """
    curves = Path(f"plots/curves/{model}.csv")
    curves.parent.mkdir(parents=True, exist_ok=True)
    done.curves.round(6).to_csv(curves, index=False, lineterminator="\n")
    run = {
        "epochs": len(done.curves),
        "seconds": round(done.seconds, 1),
        "examples_per_second": round(done.examples_per_second, 1),
        **cost,
        **environment,
    }
    write_runtime(model, run)
    if done.backup is not None:
        done.backup.unlink(missing_ok=True)
    best = done.curves.set_index("epoch").loc[done.best_epoch]
    return (
        f"{model}: {len(done.curves)} epochs in {done.seconds:.0f} s, validation accuracy "
        f"{best['val_accuracy']:.2f} with the weights of epoch {done.best_epoch}"
    )
