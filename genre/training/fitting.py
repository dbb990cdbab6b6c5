"""Fit a model: the loop around `keras.Model.fit` that all models share."""

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from genre.errors import InputError
from genre.training.backup import Backup, backup_file
from genre.training.devices import feed, feed_epochs
from genre.training.watching import CURVES, CurvesFile, LogLines

TOGETHER = 16  # examples that a model is applied to at once
WARMUP = 0.15  # share of the steps in which a learning rate that is to fall rises first


class Batches:
    """Batches of examples, read from an array that may lie on disk.

    Parameters
    ----------
    x : np.ndarray or np.memmap [shape=(n, ...)], or a dict of such
        Examples.
    y : np.ndarray [shape=(n,), dtype=int]
        Class of each.
    batch_size : int > 0
        Examples a batch; the last one may have fewer.
    rng : numpy.random.Generator, optional
        Shuffles the examples for each epoch; without it they keep their order.

    Attributes
    ----------
    arrays : tuple of np.ndarray
        All that batches are made of, but for what comes from `rng`.
    """

    def __init__(
        self,
        x: np.ndarray | dict[str, np.ndarray],
        y: np.ndarray,
        batch_size: int,
        rng: np.random.Generator | None = None,
    ) -> None:
        self._x, self._y, self._batch_size, self._rng = x, y, batch_size, rng
        self._order = np.arange(len(y))
        self.arrays: tuple[np.ndarray, ...] = (*keras.tree.flatten(x), y)
        self.shuffle()

    @property
    def examples(self) -> int:
        """Examples of an epoch."""
        return len(self._order)

    def __len__(self) -> int:
        return -(-len(self._order) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[Any, np.ndarray]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        return keras.tree.map_structure(lambda x: x[chosen], self._x), self._y[chosen]

    def fill(self) -> None:
        """Fill the last batch with examples from the first ones."""
        self._order = np.resize(self._order, len(self) * self._batch_size)

    def shuffle(self) -> None:
        """Put the examples in the order of the next epoch."""
        if self._rng is not None:
            self._rng.shuffle(self._order)


class Finite(keras.callbacks.Callback):
    """Stop a training whose loss is no number any more, with a sentence.

    Parameters
    ----------
    parameter : str
        Where in params.yaml the settings of the training stand.
    """

    def __init__(self, parameter: str) -> None:
        super().__init__()
        self._parameter = parameter

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Look at the losses of the epoch."""
        for name in ("loss", "val_loss"):
            if not math.isfinite((logs or {})[name]):
                raise InputError(
                    f"{name} is no number after epoch {epoch + 1}: make "
                    f"{self._parameter}.learning_rate less"
                )


@dataclass(frozen=True)
class Fit:
    """What a training gave besides the weights.

    Attributes
    ----------
    curves : pd.DataFrame [columns: CURVES]
        Loss and accuracy of each epoch, on training and validation tracks.
    best_epoch : int
        The epoch that the weights are from.
    seconds : float
        Time that training took.
    examples_per_second : float
        Training examples seen, by that time.
    backup : Path or None
        What keeps the state of the training; of no use once the results are written.
    """

    curves: pd.DataFrame
    best_epoch: int
    seconds: float
    examples_per_second: float
    backup: Path | None = None


def fit(
    model: keras.Model,
    train: tuple[np.ndarray, np.ndarray] | Batches,
    val: tuple[np.ndarray, np.ndarray] | Batches,
    rng: np.random.Generator,
    *,
    parameter: str,
    learning_rate: float,
    schedule: str,
    batch_size: int,
    epochs: int,
    patience: int | None,
    loss: str | Callable[..., Any] = "sparse_categorical_crossentropy",
    backup: bool = False,
    curves: Path | None = None,
) -> Fit:
    """Train a model by Adam on categorical cross-entropy.

    Parameters
    ----------
    model : keras.Model
        A model that ends in a softmax; its weights are changed.
    train, val : (np.ndarray [shape=(n, ...)], np.ndarray [shape=(n,), dtype=int])
        Examples and their classes; or Batches, which need not hold them all.
    rng : numpy.random.Generator
        Shuffles the training examples; where `train` is Batches, theirs.
    parameter : str
        Where in params.yaml these settings stand, for messages.
    learning_rate : float > 0
        Adam's; the highest, where it changes.
    schedule : {"constant", "cosine"}
        How the learning rate goes: always the same; or up from 0 in a straight line, and down to
        0 along half a cosine at the last step (Smith and Topin, "Super-convergence", 2017; the
        form is Keras's `CosineDecay`). CNNs then take fewer epochs, see benchmarks/README.md.
    batch_size : int > 0
        Examples a step; where `train` is Batches, theirs.
    epochs : int > 0
        The most epochs.
    patience : int > 0, optional
        Stop after so many epochs without a lower validation loss, and go back to the weights of
        the lowest. Without it all epochs are run, and the last weights stay.
    loss : str or callable
        How Keras is to compute the cross-entropy.
    backup : bool
        Keep the state of each epoch in the user's cache, and go on from there if the same
        training was killed. It ends in the same weights as one that was not.
    curves : Path, optional
        MODEL.csv: written while the model trains, for people to watch. Where there is no
        terminal, a line is logged now and then as well.

    Returns
    -------
    Fit
        Curves and speed.

    Raises
    ------
    InputError
        If a loss is not finite after an epoch.
    """
    batches = train if isinstance(train, Batches) else Batches(*train, batch_size, rng)
    val_batches = val if isinstance(val, Batches) else Batches(*val, batch_size)
    steps = len(batches) * epochs if schedule == "cosine" else None
    _compile(model, _cosine(learning_rate, steps) if steps else learning_rate, loss)
    fed = feed_epochs(batches)
    callbacks = [Finite(parameter), *fed.pop("callbacks")]
    stopping = None
    if patience is not None:
        stopping = keras.callbacks.EarlyStopping(
            "val_loss", patience=patience, mode="min", restore_best_weights=True
        )
        callbacks.append(stopping)
    state = None
    if backup:
        how = (learning_rate, steps, batch_size, patience, getattr(loss, "__name__", loss))
        data = (*batches.arrays, *val_batches.arrays)
        file = backup_file(model, *data, settings=(*how, rng.bit_generator.state))
        state = Backup(file, model, stopping, epochs=epochs)
    done = list(state.logs) if state else []
    for _ in done:
        batches.shuffle()
    if curves is not None:
        callbacks.append(CurvesFile(curves, done))
        callbacks += [] if sys.stdout.isatty() else [LogLines(curves.stem, done)]
    start = time.perf_counter()
    history = model.fit(
        **fed,
        validation_data=feed(val_batches, keep=val is not val_batches),
        initial_epoch=len(done),
        epochs=len(done) if state and state.stopped else epochs,
        callbacks=[*callbacks, *([state] if state else [])],
        verbose=1 if sys.stdout.isatty() else 0,
        shuffle=False,
    ).history
    seconds = time.perf_counter() - start
    table = pd.concat([pd.DataFrame(done), pd.DataFrame(history)], ignore_index=True)
    table = table.assign(epoch=table.index + 1)[CURVES]
    best = table["val_loss"].argmin() if patience is not None else len(table) - 1
    return Fit(
        table,
        int(table["epoch"].iloc[best]),
        seconds,
        batches.examples * (len(table) - len(done)) / seconds,
        state.path if state else None,
    )


def _compile(
    model: keras.Model,
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule,
    loss: str | Callable[..., Any],
) -> None:
    """Say how the model learns, and make the variables of that.

    TensorFlow would else make them in the first step, and trace it twice. The example that metrics
    are shown for it they forget when training begins.
    """
    optimizer = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    optimizer.build(model.trainable_variables)
    nothing = np.zeros((1, model.output_shape[-1]), np.float32)
    model.compute_metrics(None, np.zeros(1, int), nothing)


def _cosine(highest: float, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """A learning rate that rises, and falls to 0 with the last of the steps."""
    rising = max(1, round(WARMUP * steps))
    return keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - rising), warmup_target=highest, warmup_steps=rising
    )


def predict(model: keras.Model, x: np.ndarray | dict[str, np.ndarray]) -> list[np.ndarray]:
    """Apply a model to examples, some at once.

    There are always as many at once, the last ones filled up with the first: how a product of
    matrices is summed up depends on its size, and what a model says of an example must not depend
    on how many others there are.

    Returns
    -------
    list of np.ndarray [shape=(n, ...), dtype=float32]
        An array for each of its outputs.
    """
    count = len(next(iter(keras.tree.flatten(x))))
    batches = Batches(x, np.zeros(count, dtype=int), TOGETHER)
    batches.fill()
    found = model.predict(feed(batches), verbose=0)
    return [each[:count] for each in (found if isinstance(found, list) else [found])]
