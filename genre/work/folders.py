"""Folders whose files are made item by item; what is there, and right, stays where it is."""

import functools
import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from joblib import cpu_count

from genre.errors import InputError
from genre.work.cache import key, read_record, write_record
from genre.work.parallel import for_each

Item = TypeVar("Item")
Fact = TypeVar("Fact")  # what JSON can hold
Made = tuple[Fact, dict[str, bytes]]  # a fact, and each file by its name

RECORD_EVERY = 5.0  # s; what a killed process has to make again

log = logging.getLogger(__name__)


class Entry(NamedTuple):
    """What a manifest says of one item: the fact, and the checksums of its files."""

    fact: Any
    place: str
    files: dict[str, str]

    def paths(self, folder: Path) -> dict[Path, str]:
        """The checksum of each file."""
        return {folder / self.place / name: checksum for name, checksum in self.files.items()}


class Order(NamedTuple):
    """One item to be made; an error shows it as the item is shown."""

    item: Any
    key: str
    place: str

    def __str__(self) -> str:
        return str(self.item)


def checksums(paths: Iterable[Path]) -> list[str | None]:
    """The SHA-256 of each file, or None where there is none that can be read."""
    with ThreadPoolExecutor(cpu_count()) as threads:
        return list(threads.map(_checksum, paths))


def fill(
    folder: Path,
    make: Callable[[Item], Made[Fact]],
    items: Sequence[Item],
    keys: Sequence[str],
    places: Sequence[str],
    *,
    description: str,
) -> list[Fact]:
    """Bring a folder to hold the files of these items, and nothing else.

    A file is not made again if the same key made it before and its content is what it was then,
    which a manifest beside the folder tells; it is moved where its place is another. So the folder
    depends on the items alone, whatever lay in it.

    Parameters
    ----------
    folder : Path
        The folder.
    make : callable
        Takes an item; gives a fact about it, and its files. It must be picklable.
    items : sequence
        What to make files of.
    keys : sequence of str
        For each item a key of all that its files and its fact depend on, see
        `genre.work.cache.key`.
    places : sequence of str
        For each item the folder, within `folder`, that its files belong in.
    description : str
        Label of the progress bar.

    Returns
    -------
    list
        The fact about each item.

    Raises
    ------
    RuntimeError, InputError
        As `genre.work.parallel.for_each`; and if two items give a file of one name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = _whole_entries(folder, set(keys))
    orders = [Order(*order) for order in zip(items, keys, places, strict=True)]
    for order in orders:
        if order.key in entries:
            entries[order.key] = _move(folder, entries[order.key], order.place)
    new = [order for order in orders if order.key not in entries]
    try:
        if new:
            log.info("%s: %d of %d to be made", description, len(new), len(orders))
            work = functools.partial(_write, make=make, folder=folder)
            made = for_each(work, new, description=description)
            recorded = time.monotonic()
            for order, entry in zip(new, made, strict=True):
                entries[order.key] = entry
                if time.monotonic() > recorded + RECORD_EVERY:
                    write_record(entries, folder)
                    recorded = time.monotonic()
    finally:  # after a failure, a rerun goes on from there
        in_order = {name: entries[name] for name in keys if name in entries}
        write_record(in_order, folder)
    files = Counter(path for name in keys for path in entries[name].paths(folder))
    _remove_others(folder, set(files))
    for path, count in files.most_common(1):
        if count > 1:
            raise InputError(f"{path}: {count} tracks make a file of this name; rename one of them")
    return [entries[name].fact for name in keys]


def fill_from(
    source: Path,
    target: Path,
    make: Callable[[Path], Made[Fact]],
    parts: Callable[[Path], tuple[object, ...]],
    *,
    description: str,
) -> dict[Path, Fact]:
    """Bring a folder to hold what is made of the pictures of another, each in its own place.

    Parameters
    ----------
    source, target : Path
        The other folder, `SPLIT/GENRE/*.png`, and this one.
    make : callable
        As for `fill`; takes a picture's path.
    parts : callable
        Takes a picture's path; gives what its files depend on besides its name and its content, as
        `genre.work.cache.key` takes it.
    description : str
        Label of the progress bar.

    Returns
    -------
    dict
        The fact about each picture, by its path.
    """
    paths = sorted(source.glob("*/*/*.png"))
    places = [path.parent.relative_to(source).as_posix() for path in paths]
    keys = [
        key(*parts(path), path.name, checksum)
        for path, checksum in zip(paths, checksums(paths), strict=True)
    ]
    facts = fill(target, make, paths, keys, places, description=description)
    return dict(zip(paths, facts, strict=True))


def fill_with_copies(
    folder: Path, sources: Sequence[Path], places: Sequence[str], *, description: str
) -> int:
    """Bring a folder to hold copies of these files, and nothing else; count them.

    Parameters
    ----------
    folder : Path
        The folder.
    sources : sequence of Path
        The files; no two of one name.
    places, description
        As for `fill`.
    """
    keys = [
        key(_copy, path.name, checksum)
        for path, checksum in zip(sources, checksums(sources), strict=True)
    ]
    return len(fill(folder, _copy, sources, keys, places, description=description))


def _copy(source: Path) -> Made[None]:
    return None, {source.name: source.read_bytes()}


def _checksum(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _write(order: Order, *, make: Callable[[Any], Made[Any]], folder: Path) -> Entry:
    fact, files = make(order.item)
    entry = Entry(
        fact, order.place, {name: hashlib.sha256(file).hexdigest() for name, file in files.items()}
    )
    for path, content in zip(entry.paths(folder), files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # it may be a link into DVC's cache
        path.write_bytes(content)
    return entry


def _move(folder: Path, entry: Entry, place: str) -> Entry:
    moved = entry._replace(place=place)
    if place != entry.place:
        for old, new in zip(entry.paths(folder), moved.paths(folder), strict=True):
            new.parent.mkdir(parents=True, exist_ok=True)
            old.replace(new)
    return moved


def _remove_others(folder: Path, wanted: set[Path]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path in wanted:
            continue
        if not path.is_dir() or path.is_symlink():
            path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()


def _whole_entries(folder: Path, keys: set[str]) -> dict[str, Entry]:
    """Read the entries of these keys whose files are all as they were made."""
    content = read_record(folder) or {}
    entries = {name: Entry(*entry) for name, entry in content.items() if name in keys}
    files = [path for entry in entries.values() for path in entry.paths(folder)]
    found = dict(zip(files, checksums(files), strict=True))
    return {
        name: entry
        for name, entry in entries.items()
        if all(found[path] == checksum for path, checksum in entry.paths(folder).items())
    }
