"""One file a stage of dvc.yaml; each reads its inputs, calls the library, writes its outputs."""

import argparse
import errno
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from genre.errors import InputError
from genre.params import Params, load_params


def arguments(*options: str) -> argparse.Namespace:
    """Read the command line of a stage that dvc.yaml runs several times.

    Parameters
    ----------
    *options : str
        What is given besides the name of the item, as `--option value`.

    Returns
    -------
    argparse.Namespace
        The "name" and each option, as text.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    for option in options:
        parser.add_argument(f"--{option}", required=True)
    return parser.parse_args()


def read_json(path: Path) -> dict[str, Any]:
    """Read an object that a stage wrote."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write_json(content: dict[str, Any], path: Path) -> None:
    """Write an object, with the same bytes on every system, and make the folder for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")


def choose_backend() -> None:
    """Let Keras compute by `train.backend`; to be called before Keras is imported."""
    try:
        backend = load_params().train.backend
    except InputError as error:
        sys.exit(f"ERROR: {error}")
    if os.environ.setdefault("KERAS_BACKEND", backend) != backend:
        sys.exit(
            f"ERROR: KERAS_BACKEND is {os.environ['KERAS_BACKEND']}, but train.backend in "
            f"params.yaml is {backend}: unset the variable, and set the parameter to what you want"
        )


def run(stage: Callable[[Params], str]) -> None:
    """Run a stage: read the parameters, call it, and log the one line that it gives.

    What a user can mend ends the process with a sentence instead of a traceback.

    Parameters
    ----------
    stage : callable
        Takes the parameters, gives a line that says what was made.
    """
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.INFO, stream=sys.stderr)
    log = logging.getLogger(stage.__module__)
    try:
        log.info(stage(load_params()))
    except InputError as error:
        sys.exit(f"ERROR: {error}")
    except OSError as error:
        sys.exit(f"ERROR: {_sentence(error)}")
    except MemoryError:
        sys.exit("ERROR: memory ran out: close what else runs, or make cnn.size or batch_size less")


def _sentence(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return (
                "the disk is full: free some space and run the same command; it goes on from here"
            )
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return f"{where}{error.strerror}: give yourself the right to it, and run it again"
    return f"{where}{error.strerror or error}"
