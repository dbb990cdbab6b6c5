"""What a training leaves: the model as a file, its curves, and what describes the run."""

import json
import re
import zipfile
from pathlib import Path

import keras

from genre.training.fitting import Fit


def save_model(model: keras.Model, path: Path) -> None:
    """Save a model as a .keras file, the same bytes for the same model.

    Keras writes the time into the archive's entries and into metadata.json, and addresses in
    memory into config.json; here the time is left out, and the addresses are numbered.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stamped = path.with_suffix(".tmp.keras")
    model.save(stamped)
    with zipfile.ZipFile(stamped) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "metadata.json":
                metadata = json.loads(content)
                del metadata["date_saved"]
                content = json.dumps(metadata).encode()
            elif name == "config.json":
                content = _number_objects(content.decode()).encode()
            target.writestr(zipfile.ZipInfo(name), content)
    stamped.unlink()


def _number_objects(config: str) -> str:
    """Number shared objects in the order of their appearance."""
    numbers: dict[str, int] = {}
    return re.sub(
        r'(?<="shared_object_id": )\d+',
        lambda found: str(numbers.setdefault(found[0], len(numbers))),
        config,
    )


def write_run(model: str, done: Fit, environment: dict[str, str]) -> str:
    """Write the curves of a training, and beside them what describes the run.

    Parameters
    ----------
    model : str
        Name of the model.
    done : Fit
        What training gave.
    environment : dict
        Devices and versions.

    Returns
    -------
    str
        A line for people.
    """
    curves = Path(f"plots/curves/{model}.csv")
    runtime = Path(f"metrics/runtime/{model}.json")
    for path in (curves, runtime):
        path.parent.mkdir(parents=True, exist_ok=True)
    done.curves.round(6).to_csv(curves, index=False, lineterminator="\n")
    run = {
        "epochs": len(done.curves),
        "seconds": round(done.seconds, 1),
        "examples_per_second": round(done.examples_per_second, 1),
        **environment,
    }
    runtime.write_text(json.dumps(run, indent=1) + "\n")
    if done.backup is not None:
        done.backup.unlink(missing_ok=True)
    best = done.curves.set_index("epoch").loc[done.best_epoch]
    return (
        f"{model}: {len(done.curves)} epochs in {done.seconds:.0f} s, validation accuracy "
        f"{best['val_accuracy']:.2f} with the weights of epoch {done.best_epoch}"
    )
