"""Work on many tracks at once, here or on a Dask cluster, with a progress bar."""

import contextlib
import functools
import gzip
import logging
import os
import pickle
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from joblib import Memory, Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError
from joblib.memory import CacheWarning, MemorizedFunc
from threadpoolctl import ThreadpoolController
from tqdm import tqdm

from genre.errors import InputError
from genre.work import processor
from genre.work.cache import cache_folder, libraries

Item = TypeVar("Item")
Result = TypeVar("Result")

log = logging.getLogger(__name__)

MORE_MEMORY = (
    "If memory was short, run the same command with fewer processes, by LOKY_MAX_CPU_COUNT=1 in "
    "the environment; it goes on from here"
)
WAIT = 60  # s that a cluster has to bring its first worker
KEPT = 4 * 10**9  # bytes of results that are kept; the oldest go first


def for_each(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    description: str,
    keys: Sequence[str] | None = None,
    processes: int = -1,
) -> Iterator[Result]:
    """Apply a function to every item, in parallel processes.

    The processes are on this machine, or where the environment variable
    `DASK_SCHEDULER_ADDRESS` names one on a Dask cluster, whose workers run in this folder.

    Parameters
    ----------
    function : callable
        Takes one item. It must be picklable.
    items : sequence
        What to work on.
    description : str
        Label of the progress bar, which shows on terminals only.
    keys : sequence of str, optional
        For each item a key of all that its result depends on, see `genre.work.cache.key`. With it
        results are kept between runs, and not computed twice.
    processes : int
        How many; -1 for as many as there are cores, 1 to stay in this one, for what uses all
        cores by itself.

    Yields
    ------
    object
        The results, in the order of the items, as they come.

    Raises
    ------
    RuntimeError
        If the function fails; the message names the item.
    InputError
        If memory runs out in a process, or if there is no Dask cluster at the address.
    """
    calls: list[tuple[Item, str | None]] = (
        [(item, None) for item in items] if keys is None else list(zip(items, keys, strict=True))
    )
    kept = [_is_kept(function, *call) for call in calls]
    unknown = [call for call, known in zip(calls, kept, strict=True) if not known]
    new = _in_parallel(function, unknown, description, processes)
    # What is kept is taken here: to send it between processes would take longer.
    results = (
        _named(function, *call) if known else next(new)
        for call, known in zip(calls, kept, strict=True)
    )
    yield from tqdm(results, desc=description, total=len(items), disable=None)
    yield from new
    if keys is not None and unknown:  # to look through what is kept takes .2 s
        _memory().reduce_size(bytes_limit=KEPT)


def _is_kept(function: Callable[[Item], Result], item: Item, key: str | None) -> bool:
    return key is not None and _cached().check_call_in_cache(function, item, key)


def _apply(function: Callable[[Item], object], item: Item, key: str) -> bytes:
    """The result as it is kept: joblib reads no checksum of its own to the end."""
    return gzip.compress(pickle.dumps(function(item), pickle.HIGHEST_PROTOCOL), 1, mtime=0)


def _recall(function: Callable[[Item], Result], item: Item, key: str) -> Result:
    """The result that is kept; what is not, or was damaged since, is made."""
    result: Result
    packed = _cached()(function, item, key)
    try:
        result = _unpacked(packed)
    except (OSError, EOFError, TypeError, ValueError, zlib.error):
        result = _unpacked(_cached().call(function, item, key)[0])
    return result


def _unpacked(packed: bytes) -> Any:  # noqa: ANN401
    return pickle.loads(gzip.decompress(packed))  # noqa: S301 - of the user's own cache


def _in_parallel(
    function: Callable[[Item], Result],
    calls: list[tuple[Item, str | None]],
    description: str,
    processes: int,
) -> Iterator[Result]:
    if not calls:
        return
    try:
        with _cluster() if processes != 1 else contextlib.nullcontext(_named) as work:
            yield from Parallel(n_jobs=processes, return_as="generator")(
                delayed(work)(function, *call) for call in calls
            )
    except TerminatedWorkerError as error:
        raise InputError(f"{description}: a process was killed. {MORE_MEMORY}") from error
    except TimeoutError as error:
        if "has no worker" not in str(error):
            raise
        raise InputError(
            "DASK_SCHEDULER_ADDRESS: no worker is there: start some by python -m tools.worker"
        ) from error


def _elsewhere(
    portable: bool,
    asked_by: str,
    function: Callable[[Item], Result],
    item: Item,
    key: str | None,
) -> Result:
    """What `_named` gives, in a worker that computes as the process does that asks.

    It is kept if the libraries are the same that the process has, which made the key.
    """
    if processor.is_portable() != portable or not processor.in_force():
        raise InputError(
            "DASK_SCHEDULER_ADDRESS: a worker there computes with other instructions: start "
            "its workers by python -m tools.worker, or set GENRE_NATIVE=1 there and here"
        )
    return _named(function, item, key if libraries() == asked_by else None)


def _named(function: Callable[[Item], Result], item: Item, key: str | None) -> Result:
    try:
        # A matrix product of two threads is not always, bit for bit, that of one.
        with _thread_pools(len(sys.modules)).limit(limits=1):
            return function(item) if key is None else _recall(function, item, key)
    except (InputError, OSError):
        raise
    except MemoryError as error:
        raise InputError(f"{item}: memory ran out. {MORE_MEMORY}") from error
    except Exception as error:
        raise RuntimeError(f"{item}: {type(error).__name__}: {error}") from error


@functools.lru_cache(maxsize=1)
def _thread_pools(modules: int) -> ThreadpoolController:
    """Find the pools of all loaded libraries; 2 ms, so only where more modules are loaded."""
    return ThreadpoolController()


@functools.cache
def _cached() -> "MemorizedFunc[..., bytes]":
    # What it cannot read is made again, and needs no page of warnings.
    logging.getLogger("joblib").setLevel(logging.ERROR)
    cached = _memory().cache(_apply, ignore=["function", "item"])
    # Keys name the code. What joblib notes of `_apply` besides would, if it were damaged or of
    # another revision, end the process or remove all that is kept.
    cached._check_previous_func_code = lambda **_: True  # type: ignore[attr-defined]
    return cached


@functools.cache
def _memory() -> Memory:
    # The name is no one else's: of what joblib keeps in there, the oldest is removed.
    folder = cache_folder() / "gtzan-genre-results"
    try:
        memory = Memory(folder, verbose=0)
    except OSError as error:
        raise InputError(
            f"{folder}: {error.strerror}. Results are kept there: set GENRE_CACHE to a folder "
            "that can be written to"
        ) from error
    if not os.access(folder, os.W_OK):
        log.warning("%s cannot be written to: no new result is kept", folder)
        warnings.simplefilter("ignore", CacheWarning)  # which says so at each of them
    return memory


@contextlib.contextmanager
def _cluster() -> Iterator[Callable[..., Any]]:
    """Let joblib work on the Dask cluster that the environment names, if it names one.

    Gives what is to be called there.
    """
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if not address:
        yield _named
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            "DASK_SCHEDULER_ADDRESS is set, but Dask is not installed: "
            "pip install --no-deps -r requirements-dask.txt"
        ) from error
    try:
        client = Client(address)
    except OSError as error:
        raise InputError(
            f"DASK_SCHEDULER_ADDRESS: no Dask scheduler answers at {address}: start one there, or "
            "unset the variable to work on this machine"
        ) from error
    with client, parallel_config("dask", wait_for_workers_timeout=WAIT):
        yield functools.partial(_elsewhere, processor.is_portable(), libraries())
