"""Say which genre songs are: files, and all audio in folders.

Usage: python -m tools.classify SONG... [--model NAME | --all-models] [--json] [--csv FILE]

Asks the model that is the best by validation tracks, in a folder in which `dvc repro` ran.
"""

import argparse
import codecs
import contextlib
import csv
import functools
import io
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from genre.corpus.layout import is_audio, list_files
from genre.errors import InputError
from genre.models.variants import models_of
from genre.params import load_params
from genre.work.parallel import for_each
from tools.loading import cautions, load_models
from tools.provenance import best_model, check_unchanged

if TYPE_CHECKING:
    from genre.classification.answers import Answer
    from genre.classification.inputs import Recipe
    from genre.classification.songs import Song
    from genre.classification.trained import TrainedModels

FEW = 3  # songs for which other processes would start later than this one is done
RUNNERS_UP = 2
COLUMNS = ("file", "seconds", "model", "genre", "probability", "error")

log = logging.getLogger(__name__)


def find_songs(places: Sequence[str]) -> list[Path]:
    """The files that are named, and the audio files in the folders, in order."""
    songs = []
    for place in map(Path, places):
        if place.is_dir():
            files, others = list_files(place)
            audio = [place / file for file in files if is_audio(file)]
            left = len(files) + len(others) - len(audio)
            log.info("%s: %d songs, and %d files that are none", place, len(audio), left)
            songs += audio
        else:
            songs.append(place)
    if not songs:
        raise InputError("there is no audio in what you named")
    return songs


def chosen(names: Sequence[str], wanted: str) -> str:
    """The model of a name, `musicnn-4.2`, or of a number, `4.2`."""
    found = [name for name in names if wanted in (name, name.rpartition("-")[2])]
    if len(found) != 1:
        several = f"may be {' or '.join(found)}" if found else f"is none of {', '.join(names)}"
        raise InputError(f"--model: {wanted} {several}")
    return found[0]


def listen(
    files: list[Path], models: "TrainedModels", names: list[str], recipe: "Recipe"
) -> Iterator[tuple["Song", dict[str, "Answer"]]]:
    """Each song in turn, and what each model says of it; nothing of one with a fault."""
    from genre.classification.answers import answers_of
    from genre.classification.songs import open_song

    work = functools.partial(open_song, recipe=recipe, wanted=models.reads(names))
    processes = 1 if len(files) <= FEW else -1
    for song in for_each(work, files, description="songs", processes=processes):
        yield song, {} if song.fault else answers_of(models, names, song)


def as_record(song: "Song", answers: dict[str, "Answer"]) -> dict[str, object]:
    """All that was found of a song, as JSON has it."""
    record: dict[str, object] = {"file": _name(song.path), "seconds": song.duration}
    if song.fault:
        return record | {"error": song.fault}
    said = {}
    for name, answer in answers.items():
        over_time = [
            {"from": start, "to": end, "genre": genre, "probability": round(p, 4)}
            for start, end, (genre, p) in zip(song.starts, song.ends, answer.moments, strict=True)
        ]
        genres = {genre: round(p, 4) for genre, p in answer.ranked}
        said[name] = {"genre": answer.ranked[0][0], "genres": genres, "over_time": over_time}
    return record | {"silent_excerpts": song.silent, "models": said}


def as_lines(song: "Song", answers: dict[str, "Answer"]) -> Iterator[str]:
    """What people read of a song."""
    file = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in _name(song.path)
    )
    if song.fault:
        yield f"{file}: {song.fault}"
        return
    for name, answer in answers.items():
        (genre, p), *others = answer.ranked
        rest = ", ".join(f"{other} {q:.2f}" for other, q in others[:RUNNERS_UP])
        by = f" ({name})" if len(answers) > 1 else ""
        yield f"{file}: {genre} {p:.2f}; then {rest}{by}"
        if len(song.starts) > 1 and len(answers) == 1:
            moments = zip(song.starts, answer.moments, strict=True)
            yield "  " + ", ".join(f"{_clock(start)} {g} {q:.2f}" for start, (g, q) in moments)
    if song.silent:
        yield f"  silent excerpts, of which nothing is said: {song.silent}"


def _name(path: Path) -> str:
    """A file's name as text, which it need not be."""
    return os.fsencode(path).decode(errors="replace")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def as_rows(record: dict[str, object]) -> Iterator[dict[str, object]]:
    """The rows of a song in a table of `COLUMNS`: one for each model, or one for its fault."""
    said: dict[str, dict[str, object]] = record.get("models", {"": {}})  # type: ignore[assignment]
    for model, found in said.items():
        genres: dict[str, float] = found.get("genres", {})  # type: ignore[assignment]
        yield {**record, **found, "model": model, "probability": max(genres.values(), default="")}


@contextlib.contextmanager
def open_table(path: Path | None) -> Iterator["csv.DictWriter[str]"]:
    """A csv file for the rows of songs, each kept as soon as it is written; without a path, none.

    Raises
    ------
    InputError
        If it cannot be written to, or is a song.
    """
    if path is not None and is_audio(path.name):
        raise InputError(f"--csv: {path} is called as a song is; name a table, such as answers.csv")
    place = path or Path(os.devnull)
    try:
        file = place.open("w", 1, newline="", encoding="utf-8")
    except OSError as error:
        raise InputError(f"--csv: {place} cannot be written: {error.strerror}") from error
    with file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
        table.writeheader()
        yield table


def as_json(records: list[dict[str, object]], encoding: str) -> str:
    """Write records as JSON, which is UTF-8: elsewhere by the escapes that JSON has."""
    readable = codecs.lookup(encoding).name == "utf-8"
    return json.dumps(records, indent=1, ensure_ascii=not readable)


def main() -> None:
    """Read the command line, and print what is said of each song."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="python -m tools.classify", description=__doc__)
    parser.add_argument("songs", nargs="+", metavar="SONG", help="a file or a folder")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--model", help="its name or number; the best by validation if none")
    which.add_argument("--all-models", action="store_true", help="ask every model")
    parser.add_argument("--json", action="store_true", help="print JSON, one list")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table")
    arguments = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):  # on Windows a pipe takes 256 letters
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        faults = classify(arguments)
    except InputError as error:
        sys.exit(f"ERROR: {error}")
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell says it
    except BrokenPipeError:  # who reads has had enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)  # as a shell says it
    sys.exit(1 if faults else 0)


def classify(arguments: argparse.Namespace) -> int:
    """Do it, and give the number of songs of which nothing could be said."""
    params = load_params()
    check_unchanged(params)
    names = list(models_of(params.beyond.chosen()))
    if not arguments.all_models:
        names = [chosen(names, arguments.model or best_model())]
    files = find_songs(arguments.songs)
    models, recipe = load_models(params, names)
    for caution in cautions(params):
        log.warning(caution)
    records = []
    with open_table(arguments.csv) as table:
        for song, answers in listen(files, models, names, recipe):
            records.append(as_record(song, answers))
            table.writerows(as_rows(records[-1]))
            if not arguments.json:
                print(*as_lines(song, answers), sep="\n", flush=True)
    if arguments.json:
        print(as_json(records, sys.stdout.encoding), flush=True)
    faults = sum("error" in record for record in records)
    if len(names) == 1 and faults < len(records):
        from genre.classification.answers import trust

        log.info("%s", trust(models, names[0]))
    if faults:
        log.warning("nothing can be said of %d of %d songs", faults, len(records))
    return faults


if __name__ == "__main__":
    main()
