"""Running medians of many columns at once, by minima and maxima of whole rows.

Sixteen neighbouring windows of 31 rows share 16 rows, a block. Those are sorted once; eight of the
windows share eight rows more, four of these another four, and so on, down to a window. Of what is
sorted only the ranks go on that a median can still have (Adams, "Fast median filters using
separable sorting networks", ACM Transactions on Graphics 40, 2021, does so in two dimensions).
"""

import numpy as np

WIDTH = 31  # rows of a window
BLOCK = (WIDTH + 1) // 2
AT_ONCE = 8000  # numbers of an operation: few enough for a processor's cache, and worth a call

Rows = list[np.ndarray]


def running_median(values: np.ndarray) -> np.ndarray:
    """`scipy.ndimage.median_filter(values, size=(31, 1), mode="reflect")`, much faster.

    Parameters
    ----------
    values : np.ndarray [shape=(n, columns)]
        Numbers, none of which is NaN.

    Returns
    -------
    np.ndarray [shape=(n, columns)]
        The median of each number and of the 15 before and after it in its column; in the order
        in memory that the values have.
    """
    n, columns = values.shape
    blocks = -(-n // BLOCK) + 2  # one more at either end
    places = np.arange(-BLOCK, BLOCK * (blocks - 1)) % (2 * n)
    places = np.minimum(places, 2 * n - 1 - places)  # mirrored at both ends, again and again
    medians = np.empty_like(values)
    parts = -(-columns * blocks // AT_ONCE)
    sources, targets = (np.array_split(array, parts, axis=1) for array in (values, medians))
    for source, target in zip(sources, targets, strict=True):
        rows = list(np.take(source, places.reshape(-1, BLOCK).T, axis=0))  # each of all blocks
        for i, found in enumerate(_of_blocks(rows)):
            target[i::BLOCK] = found[: len(target[i::BLOCK])]
    return medians


def _of_blocks(rows: Rows) -> Rows:
    """The medians around each row of a block, of all blocks but the first and the last."""
    runs = {1: [[row] for row in rows]}  # by their length: those of a block, each of them sorted
    for k in (1, 2, 4, 8):
        pairs = zip(runs[k][::2], runs[k][1::2], strict=True)
        runs[2 * k] = [_merged(first + second[::-1]) for first, second in pairs]
    return _of_windows(runs, _run(runs, 0, BLOCK), 0, BLOCK)


def _of_windows(runs: dict[int, list[Rows]], ranks: Rows, start: int, stop: int) -> Rows:
    """The medians of all windows that hold these rows, counted from a block's first, in order."""
    k = len(ranks) // 2
    if k == 0:
        return ranks
    earlier = _middle(ranks, _run(runs, start - k, k))
    later = _middle(ranks, _run(runs, stop, k))
    return _of_windows(runs, earlier, start - k, stop) + _of_windows(runs, later, start, stop + k)


def _run(runs: dict[int, list[Rows]], start: int, length: int) -> Rows:
    """Sorted rows, counted from a block's first: its own, or those of the block beside it."""
    beside, row = divmod(start, BLOCK)
    return [each[1 + beside : len(each) - 1 + beside] for each in runs[length][row // length]]


def _middle(ranks: Rows, more: Rows) -> Rows:
    """The middle third of sorted rows with half as many more; the others are no median's."""
    k = len(more)
    upper = _merged(list(map(np.maximum, ranks[:k], more[::-1])))
    return _merged(list(map(np.minimum, upper, ranks[: k - 1 : -1])))


def _merged(rows: Rows) -> Rows:
    """Sort rows that rise and then fall, or fall and then rise (Batcher's bitonic merge)."""
    half = len(rows) // 2
    if half == 0:
        return rows
    pair = rows[:half], rows[half:]
    return _merged(list(map(np.minimum, *pair))) + _merged(list(map(np.maximum, *pair)))
