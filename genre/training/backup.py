"""Keep the state of a training after each epoch, so that one that was killed goes on.

Keras's `BackupAndRestore` keeps the weights and the optimizer's state; to end in the same weights
as an undisturbed run, dropout, early stopping and the curves have to go on as well.
"""

import hashlib
import json
import logging
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import keras
import numpy as np

from genre.work.cache import cache_folder

log = logging.getLogger(__name__)

EARLY_STOPPING = ("best", "best_epoch", "wait", "stopped_epoch")


class Backup(keras.callbacks.Callback):
    """Write all that decides how a training goes on, and take it up again.

    To be the last of the callbacks, so that it sees what the others did.

    Parameters
    ----------
    path : Path
        The npz file to write.
    model : keras.Model
        The compiled model, whose optimiser has its variables.
    early_stopping : keras.callbacks.EarlyStopping, optional
        The callback that may stop the training.
    epochs : int > 0
        The most epochs of this training: the state of one that went further is not taken up.

    Attributes
    ----------
    path : Path
        The file.
    logs : list of dict
        Losses and metrics of the epochs that are done.
    """

    def __init__(
        self,
        path: Path,
        model: keras.Model,
        early_stopping: keras.callbacks.EarlyStopping | None = None,
        *,
        epochs: int,
    ) -> None:
        super().__init__()
        self._variables = [*model.variables, *model.optimizer.variables]
        self.path, self._early_stopping = path, early_stopping
        self._state = self._read(epochs)
        self.logs: list[dict[str, float]] = self._state["logs"] if self._state else []

    @property
    def stopped(self) -> bool:
        """Whether the epochs that are done were all."""
        return self._state is not None and self._state["stopped"]

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Take up the state that was kept, if any."""
        if self._state is None:
            return
        for variable, value in zip(self._variables, self._state["variables"], strict=True):
            variable.assign(value)
        if self._early_stopping is not None:
            for name, value in self._state["early_stopping"].items():
                setattr(self._early_stopping, name, value)
            self._early_stopping.best_weights = self._state["best_weights"] or None

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the state beside the old one, then put it in its place."""
        self.logs.append({name: float(value) for name, value in (logs or {}).items()})
        stopping = self._early_stopping
        best_weights = (stopping.best_weights if stopping else None) or []
        state = {
            "logs": self.logs,
            "stopped": bool(self.model.stop_training),
            "early_stopping": {n: getattr(stopping, n) for n in EARLY_STOPPING} if stopping else {},
        }
        arrays = {f"variable{k}": np.asarray(v) for k, v in enumerate(self._variables)}
        arrays |= {f"best{k}": value for k, value in enumerate(best_weights)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(f".{os.getpid()}.tmp")
        with beside.open("wb") as file:
            np.savez(file, allow_pickle=False, state=json.dumps(state, default=float), **arrays)
        beside.replace(self.path)

    def _read(self, epochs: int) -> dict[str, Any] | None:
        if not self.path.exists():
            return None
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                state: dict[str, Any] = json.loads(str(arrays["state"]))
                best = sum(name.startswith("best") for name in arrays)
                state["variables"] = [arrays[f"variable{k}"] for k in range(len(self._variables))]
                state["best_weights"] = [arrays[f"best{k}"] for k in range(best)]
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
            log.warning("%s: the state of a killed training is damaged; it starts anew", self.path)
            return None
        return state if len(state["logs"]) <= epochs else None


def backup_file(model: keras.Model, *data: np.ndarray, **settings: object) -> Path:
    """Name the file that keeps the state of a training.

    Parameters
    ----------
    model : keras.Model
        The model, with the weights that it starts from.
    *data : np.ndarray
        What it is trained and validated on.
    **settings : object
        All else that its training depends on.

    Returns
    -------
    Path
        A file in the user's cache, another where anything is another.
    """
    digest = hashlib.sha256(repr((keras.version(), keras.backend.backend(), settings)).encode())
    digest.update(model.to_json().encode())
    for array in (*(np.asarray(variable) for variable in model.variables), *data):
        digest.update(np.ascontiguousarray(array).data)
    return cache_folder() / "backups" / f"{digest.hexdigest()}.npz"
