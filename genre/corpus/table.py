"""Find a corpus's tracks in a table that says which file is of which genre."""

import csv
import io
import logging
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from genre.corpus.folder import FEATURE_FILES, SPLIT_FILES, Source, listed, name_tracks
from genre.corpus.layout import (
    check_genres,
    find_not_used,
    genre_key,
    is_audio,
    list_files,
    unify_genres,
)
from genre.corpus.tracks import file_key, without_zeros
from genre.errors import InputError

DELIMITERS = (",", "\t", ";")
MISSING, AMBIGUOUS = "in the table and not in the folder", "in the table, and several files are it"
NO_GENRE, SEVERAL_GENRES = "without a genre in the table", "of several genres in the table"

log = logging.getLogger(__name__)


class Row(NamedTuple):
    """What a table says of one file; empty where it says nothing."""

    file: str
    genre: str
    group: str = ""


class Files:
    """The audio files of a folder, found by what a table calls them.

    That is a path, with or without its first folders and with or without an ending, or the name
    alone; a number may lack the zeros that it begins with.

    Parameters
    ----------
    files : iterable of str
        Paths within the folder.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._ends: dict[str, list[str]] = defaultdict(list)
        for file in filter(is_audio, files):
            key = _key(file)
            self._whole[key].append(file)
            while key:
                self._ends[key].append(file)
                key = key.partition("/")[2]

    def find(self, name: str) -> list[str]:
        """The files of a name: one, or none, or several that nothing tells apart."""
        name = posixpath.normpath(name.replace("\\", "/"))
        key = _key(name)
        found = self._ends.get(key, [])
        while not found and "/" in key:  # the name may begin with folders above this one
            key = key.partition("/")[2]
            found = self._whole.get(key, [])
        for alike in (str, _last, lambda path: _without_ending(_last(path))):
            if len(found) > 1:
                found = [file for file in found if alike(file) == alike(name)] or found
        return found


def _key(file: str) -> str:
    """What a file is found by: without its ending, and without zeros before a number."""
    return without_zeros(_without_ending(file_key(file)))


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _without_ending(name: str) -> str:
    return name.rpartition(".")[0] if is_audio(name) else name


def read_rows(path: Path, *, file: str, genre: str, group: str | None) -> list[Row]:
    """Read a table of files.

    Parameters
    ----------
    path : Path
        A text file in UTF-8, whose first line names the columns; commas, tabs or semicolons
        divide them.
    file, genre, group : str
        The columns that are read; None for group where there is none.

    Returns
    -------
    list of Row
        The rows, without spaces at the ends of what stands there.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column or has it twice, has no rows or one of too many
        fields.
    """
    columns = [column for column in (file, genre, group) if column is not None]
    try:
        text = path.read_text(encoding="utf-8-sig")
        # Not strict: what is quoted between tabs is an error between commas.
        heads = {d: csv.DictReader(io.StringIO(text), delimiter=d).fieldnames for d in DELIMITERS}
        delimiter = max(heads, key=lambda d: len(set(columns) & set(heads[d] or ())))
        table = csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True)
        named = table.fieldnames or ()
        rows = list(table)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(
            f"data.table.path: {path} cannot be read as a csv or tsv table in UTF-8: {reason}"
        ) from error
    absent = [column for column in columns if column not in named]
    if absent:
        raise InputError(
            f"data.table: {path} has no column {' and no column '.join(absent)}; it has "
            f"{', '.join(named) or 'none'}: name its columns in data.table.file, genre and group"
        )
    if twice := [column for column in columns if list(named).count(column) > 1]:
        raise InputError(
            f"data.table: {path} has several columns called {twice[0]}: rename all but the one "
            "that is meant"
        )
    if not rows:
        raise InputError(f"data.table.path: {path} has no rows: list the files there, one a row")
    found = [Row(*((row.get(column) or "").strip() for column in columns)) for row in rows]
    for row, values in zip(found, rows, strict=True):
        if any(values.get(None, ())):  # what is too much
            raise InputError(
                f"data.table.path: {path}: the row of {row.file!r} has more fields than there are "
                f"columns: put a text that holds {delimiter!r} into quotation marks"
            )
    return found


def find_tracks(
    root: Path, table: Path, *, file: str, genre: str, group: str | None
) -> tuple[list[Source], list[tuple[str, str]]]:
    """List the tracks of a corpus that a table lists, and what is no track.

    Parameters
    ----------
    root : Path
        The folder that the audio lies in, at any depth.
    table, file, genre, group
        As for `read_rows`.

    Returns
    -------
    sources : list of Source
        One entry a track, in the order of genre and name.
    others : list of (str, str)
        Each file that is no track, and what the table names that is no file, with the reason.

    Raises
    ------
    InputError
        As `read_rows`; if none of the files is there, if a genre has none, or if there are fewer
        than two genres; if a file is put into two groups.
    """
    if not root.is_dir():
        raise InputError(f"data.path: {root} is not a folder; name the one that holds the audio")
    rows = read_rows(table, file=file, genre=genre, group=group)
    told, missing = _find_files(rows, Files(list_files(root)[0]))
    if not told:
        raise InputError(
            f"data.table: none of the {len(rows)} files in the column {file} of {table} is in "
            f"{root}, the first: {rows[0].file!r}: it should hold their paths, names or numbers"
        )
    genres = unify_genres({row.genre for row in rows if row.genre})
    lost = {genres[row.genre]: reason for row, reason in missing if row.genre}
    others = [(row.file or "a row without a file", reason) for row, reason in missing]
    tracks: dict[str, tuple[str, str | None]] = {}
    for path, said in told.items():
        named = {genres[row.genre] for row in said if row.genre}
        if len(named) == 1:
            tracks[path] = (named.pop(), _group(path, said, table))
        else:
            others.append((path, SEVERAL_GENRES if named else NO_GENRE))
            lost |= dict.fromkeys(named, SEVERAL_GENRES)
    counts = Counter(name for name, _ in tracks.values())
    lost = {name: reason for name, reason in lost.items() if name not in counts}
    check_genres(counts, lost, where=f"data.table: {table}")
    log.info(
        "%d genres in the column %s of %s: %s; %d tracks of %d rows, %d of them with a group",
        *(len(counts), genre, table, listed(counts), len(tracks), len(rows)),
        sum(known is not None for _, known in tracks.values()),
    )

    def passed_over(path: PurePosixPath) -> bool:
        return root / path == table or path.name in (*FEATURE_FILES, *SPLIT_FILES)

    others += find_not_used(root, told, passed_over=passed_over, audio="not in the table")
    return _sources(root, tracks), others


def _find_files(
    rows: Iterable[Row], files: Files
) -> tuple[dict[str, list[Row]], list[tuple[Row, str]]]:
    """The rows of each file, and those of none, with the reason."""
    told: dict[str, list[Row]] = defaultdict(list)
    missing = []
    for row in rows:
        found = files.find(row.file)
        if len(found) == 1:
            told[found[0]].append(row)
        else:
            missing.append((row, AMBIGUOUS if found else MISSING))
    return told, missing


def _sources(root: Path, tracks: dict[str, tuple[str, str | None]]) -> list[Source]:
    """The tracks of files, each with its genre and its group, in the order of their names."""
    entries = [(file, genre, _below(file, genre)) for file, (genre, _) in tracks.items()]
    sources = [
        Source(track, genre, audio=root / file, group=group)
        for track, (file, (genre, group)) in zip(name_tracks(entries), tracks.items(), strict=True)
    ]
    return sorted(sources, key=lambda source: source.track)


def _below(file: str, genre: str) -> list[str]:
    """A file's path below the folder that is called like its genre, or all of its path."""
    parts = file.split("/")
    keys = [genre_key(part) for part in parts[:-1]]
    start = len(keys) - keys[::-1].index(genre_key(genre)) if genre_key(genre) in keys else 0
    return parts[start:]


def _group(file: str, said: list[Row], table: Path) -> str | None:
    """The group that a table puts a file into, if it does."""
    groups = sorted({row.group for row in said if row.group})
    if len(groups) > 1:
        raise InputError(
            f"data.table: {table} puts {file} into several groups, {' and '.join(groups)}: give "
            "it one"
        )
    return next(iter(groups), None)
