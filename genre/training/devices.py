"""Devices and determinism: the only module that speaks to the backend under Keras.

Import it before Keras.
"""

import contextlib
import functools
import gc
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from joblib import cpu_count

from genre.work.processor import instructions

# In an operation. As many end in the weights of one; six or sixteen, that oneDNN shares a
# convolution's gradient among, add it up in another order.
MOST_CORES = 4

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# It warns of functions that are compiled often, which those of many models are.
logging.getLogger("tensorflow").setLevel(logging.ERROR)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what is written to stderr to itself, unless an exception makes it worth reading.

    TensorFlow greets users at length on import, whatever its log level (its issue 100442).
    """
    with tempfile.TemporaryFile() as kept:
        stderr = os.dup(2)
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            kept.seek(0)
            os.write(stderr, kept.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)


@contextlib.contextmanager
def _lean(*unwanted: str) -> Iterator[None]:
    """Import in half the time: without what training has no use for, and without garbage search.

    Keras imports scikit-learn and matplotlib where they are, for wrappers and drawings. The
    hundreds of thousands of objects that an import leaves are no garbage.
    """
    absent = [name for name in unwanted if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # an import says that there is none
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        for name in absent:
            del sys.modules[name]


with _quiet(), _lean("sklearn", "matplotlib"):
    import keras


def prepare(seed: int, *, backend: str, deterministic: bool, split_operations: bool) -> None:
    """Seed Keras, and make training repeatable, bit for bit.

    With TensorFlow this takes deterministic operations, and cores that either work together inside
    one operation at a time, or each on an operation of its own. With JAX, which is repeatable on a
    CPU, it takes deterministic operations on a GPU. There they cost speed.

    Parameters
    ----------
    seed : int
        Where weights and dropout come from.
    backend : {"tensorflow", "jax"}
        What Keras is to compute by.
    deterministic : bool
        Whether to ask for all this, or for nothing but the seed.
    split_operations : bool
        Whether cores work together inside each operation, which is what convolutions gain most
        by: all of them, but no more than `MOST_CORES`. TensorFlow then shares a product of
        matrices among them if it does not fit into the processor's second cache, and oneDNN may
        add up each core's part, so that the sum depends on the processor and on their number.
        Where there are such products, each operation keeps to one core, and those that do not
        wait for each other are computed at once. JAX decides by itself, and TensorFlow where
        `deterministic` is not asked for.

    Raises
    ------
    ValueError
        If Keras was imported with another.
    RuntimeError
        If something was computed already, with the other kind of operations.

    Notes
    -----
    To be called before anything is computed.
    """
    if keras.backend.backend() != backend:
        raise ValueError(f"Keras computes by {keras.backend.backend()}, not by {backend}")
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)
        if deterministic:
            tf.config.experimental.enable_op_determinism()
            if split_operations:
                tf.config.threading.set_inter_op_parallelism_threads(1)
                cores = min(cpu_count(), MOST_CORES)
                tf.config.threading.set_intra_op_parallelism_threads(cores)
            else:
                tf.config.threading.set_intra_op_parallelism_threads(1)
    elif deterministic:
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = f"{flags} --xla_gpu_deterministic_ops=true".strip()


class Examples(Protocol):
    """Batches by number, in another order after each call of `shuffle`."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[Any, Any]: ...

    def shuffle(self) -> None:
        """Put them in another order."""


class _Dataset(keras.utils.PyDataset):
    """Batches as Keras reads them with any backend."""

    def __init__(self, batches: Examples) -> None:
        super().__init__()
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self._batches[index]


def feed(batches: Examples, *, keep: bool = False) -> Any:  # noqa: ANN401
    """Make of batches what `evaluate` and `predict` of a model read fastest.

    Parameters
    ----------
    batches : Examples
        Batches of arrays, which are not shuffled. An axis that differs between the first two may
        differ in all.
    keep : bool
        Whether TensorFlow is to hold all of them in memory, for another time.

    Returns
    -------
    object
        A tf.data.Dataset; with JAX a PyDataset.
    """
    if keras.backend.backend() != "tensorflow":
        return _Dataset(batches)
    import tensorflow as tf

    dataset = _read_by(_epoch, batches)
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(batches)))
    return dataset.cache() if keep else dataset


def feed_epochs(batches: Examples) -> dict[str, Any]:
    """Make of batches what `fit` of a model reads fastest; they are shuffled after each epoch.

    With TensorFlow it is one tf.data.Dataset without an end: to begin one takes 5 ms and to end
    it 10, which is longer than an epoch of a small network. Several GPUs read ahead, which would
    shuffle too early.

    Parameters
    ----------
    batches : Examples
        As of `feed`.

    Returns
    -------
    dict
        Arguments of `fit`, `callbacks` among them.
    """
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if not tf.distribute.has_strategy():
            endless = _read_by(_epochs, batches)
            return {"x": endless, "callbacks": [], "steps_per_epoch": len(batches)}
    shuffle = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: batches.shuffle())
    return {"x": feed(batches), "callbacks": [shuffle]}


def _epoch(batches: Examples) -> Iterator[tuple[Any, Any]]:
    return (batches[index] for index in range(len(batches)))


def _epochs(batches: Examples) -> Iterator[tuple[Any, Any]]:
    while True:
        yield from _epoch(batches)
        batches.shuffle()


def _read_by(read: Callable[[Examples], Iterator[tuple[Any, Any]]], batches: Examples) -> Any:  # noqa: ANN401
    """A tf.data.Dataset that does not tune itself.

    The tuning is done beside the computing, and on two cores makes every third epoch of a small
    CNN twice as long.
    """
    import tensorflow as tf

    first, second = batches[0], batches[min(1, len(batches) - 1)]

    def describe(one: Any, other: Any) -> Any:  # noqa: ANN401
        axes = zip(one.shape[1:], other.shape[1:], strict=True)
        shape = (None, *(size if size == same else None for size, same in axes))
        return tf.TensorSpec(shape, one.dtype)

    dataset = tf.data.Dataset.from_generator(
        functools.partial(read, batches),
        output_signature=keras.tree.map_structure(describe, first, second),
    )
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def device_names() -> list[str]:
    """The GPUs that training will use, or the CPU.

    With JAX it is one: Keras then shares a batch among several only where each gets as much, and
    the last batch of an epoch has any size.
    """
    # To ask for "gpu" is an error in JAX where there is none.
    gpus = [name for name in keras.distribution.list_devices() if name.startswith("gpu")]
    return (gpus if keras.backend.backend() == "tensorflow" else gpus[:1]) or ["cpu"]


def scope() -> contextlib.AbstractContextManager[object]:
    """The context in which to build and fit a model, so that it uses all GPUs of `device_names`.

    Where there are several it is TensorFlow's `MirroredStrategy`; with one it does nothing.
    """
    if len(device_names()) < 2:
        return contextlib.nullcontext()
    import tensorflow as tf

    found: contextlib.AbstractContextManager[object] = tf.distribute.MirroredStrategy().scope()
    return found


def describe() -> dict[str, str]:
    """What trained a model: devices, backend and versions."""
    backend = keras.backend.backend()
    return {
        "device": ", ".join(device_names()),
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
        "instructions": instructions(),
        "keras": keras.version(),
        "backend": f"{backend} {sys.modules[backend].__version__}",
        "python": platform.python_version(),
    }
