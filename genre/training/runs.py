"""What a training tells of itself: its curves, how long it took, and what the model costs."""

from pathlib import Path

from genre.training.fitting import Fit
from genre.training.saving import write_runtime


def curves_of(model: str) -> Path:
    """Name the file of a model's training curves."""
    return Path(f"plots/curves/{model}.csv")


def write_run(model: str, done: Fit, cost: dict[str, object], environment: dict[str, str]) -> str:
    """Write what describes a training, whose curves are written.

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
