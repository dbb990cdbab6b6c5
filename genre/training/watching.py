"""Let people watch a training: its curves while it runs, and a line in a log now and then."""

import logging
import math
import time
from pathlib import Path

import keras
import pandas as pd

log = logging.getLogger(__name__)

CURVES = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
SECONDS = 30.0  # between two lines in a log


class CurvesFile(keras.callbacks.Callback):
    """Write the curves of a training, an epoch at a time.

    A file that is an output of the stage: `dvc plots` and the DVC extension of VS Code read it
    from the workspace while the stage runs. Lines are appended, so that they never find half of it.

    Parameters
    ----------
    path : Path
        The csv file, with the columns `CURVES`; what it held is dropped.
    done : list of dict
        Losses and metrics of epochs that were run before.
    """

    def __init__(self, path: Path, done: list[dict[str, float]]) -> None:
        super().__init__()
        self._path, self._done = path, done

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Start the file anew, with the epochs that are done."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        for epoch, before in enumerate(self._done):
            self.on_epoch_end(epoch, before)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Append a line; with the first, the names of the columns."""
        row = pd.DataFrame([{**(logs or {}), "epoch": epoch + 1}])[CURVES].round(6)
        row.to_csv(self._path, mode="a", header=epoch == 0, index=False, lineterminator="\n")


class LogLines(keras.callbacks.Callback):
    """Log how far a training is, every `SECONDS`; nothing for one that takes less.

    Within an epoch as well: one of a large model takes minutes.

    Parameters
    ----------
    name : str
        Name of the model.
    done : list of dict
        Losses and metrics of epochs that were run before.
    """

    def __init__(self, name: str, done: list[dict[str, float]]) -> None:
        super().__init__()
        self._name, self._first, self._epoch = name, len(done), len(done)
        self._last = done[-1] if done else {}

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Start the clock."""
        self._start = self._said = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Remember which epoch it is."""
        self._epoch = epoch

    # The end of a batch would do as well, but Keras then waits for the GPU after each.
    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Log a line if it is time for one."""
        self._say(self._epoch + batch / self.params["steps"])

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Remember the losses, and log a line if it is time for one."""
        self._last = dict(logs or {})
        self._say(epoch + 1)

    def _say(self, epochs: float) -> None:
        """Log a line if it is time for one, after so many epochs, whole and broken."""
        now = time.monotonic()
        if now - self._said < SECONDS or epochs == self._first:
            return
        self._said = now
        most = self.params["epochs"]
        left = (now - self._start) / (epochs - self._first) * (most - epochs)
        losses = "".join(
            f", {name.replace('val_', 'validation ')} {value:.3f}"
            for name, value in self._last.items()
        )
        log.info(
            "%s: %.1f of at most %d epochs%s, %d min left at most",
            self._name, epochs, most, losses, math.ceil(left / 60),
        )  # fmt: skip
