"""Work on many tracks at once, with a progress bar."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from joblib import Parallel, delayed
from tqdm import tqdm

from genre.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")


def _named(function: Callable[[Item], Result], item: Item) -> Result:
    try:
        return function(item)
    except (InputError, OSError):
        raise
    except Exception as error:
        raise RuntimeError(f"{item}: {type(error).__name__}: {error}") from error


def for_each(
    function: Callable[[Item], Result], items: Sequence[Item], *, description: str
) -> Iterator[Result]:
    """Apply a function to every item, in parallel processes.

    Parameters
    ----------
    function : callable
        Takes one item. It must be picklable.
    items : sequence
        What to work on.
    description : str
        Label of the progress bar, which shows on terminals only.

    Yields
    ------
    object
        The results, in the order of the items, as they come.

    Raises
    ------
    RuntimeError
        If the function fails; the message names the item.
    """
    workers = Parallel(n_jobs=-1, return_as="generator")
    results = workers(delayed(_named)(function, item) for item in items)
    yield from tqdm(results, desc=description, total=len(items), disable=None)
