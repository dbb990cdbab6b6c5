"""What a training leaves: the model as a file, and what describes the run."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import keras


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


def write_runtime(model: str, run: dict[str, Any]) -> None:
    """Write what describes the run that gave a model, and is another each time."""
    path = Path(f"metrics/runtime/{model}.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8", newline="\n")
