"""Bring the pictures of a corpus in: those of its tracks, and the versions that it has of them."""

import re
import shutil
from collections.abc import Container, Iterable
from pathlib import Path

from genre.corpus.folder import Source
from genre.corpus.layout import PICTURE_FOLDER, VERSIONS_FOLDER, canonical_genre, track_id
from genre.corpus.tracks import Row, picture_file
from genre.errors import InputError
from genre.pictures.png import load

NO_TRACK = "a picture of no track"


def import_picture(source: Source, root: Path, folder: Path) -> Row:
    """Check the picture of one track, and copy it if it can be read.

    Parameters
    ----------
    source : Source
        The track.
    root : Path
        Where the corpus lies.
    folder : Path
        Where the pictures go.

    Returns
    -------
    dict
        The track's row for the table of tracks.
    """
    file = (source.picture or source.file).relative_to(root).as_posix()
    row: Row = {"track": source.track, "genre": source.genre, "source": file}
    if source.picture is None:
        return {**row, "reason": f"no picture in {PICTURE_FOLDER}/"}
    try:
        load(source.picture)
    except InputError as error:
        # Where the file lies on this machine is no part of the reason.
        return {**row, "reason": str(error).removeprefix(f"{source.picture}: ")}
    target = picture_file(folder / PICTURE_FOLDER, source.track, source.genre)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source.picture, target)
    return {**row, "reason": ""}


def import_versions(sources: Iterable[Source], root: Path, folder: Path) -> list[Path]:
    """Copy the picture versions that GTZAN 2.0 brings, each track's pictures into their own folder.

    `VERSION/SPLIT/blues/blues00000_1.png` is the altered copy of a picture, and goes to
    `VERSION/blues/blues00000/blues00000_1.png`: the versions follow splits of their own.

    Parameters
    ----------
    sources : iterable of Source
        All tracks of the corpus.
    root : Path
        Where the corpus lies.
    folder : Path
        Where the versions go.

    Returns
    -------
    list of Path
        Those pictures that are of no track of the corpus.

    Raises
    ------
    InputError
        If two files of a version are one picture.
    """
    names = {s.track: picture_file(Path(), s.track, s.genre).with_suffix("") for s in sources}
    taken: dict[Path, Path] = {}
    strange = []
    for path in sorted(root.glob(f"{VERSIONS_FOLDER}/**/*.png")):
        track, end = _track_and_end(path, names)
        if track is None:
            strange.append(path)
            continue
        place = folder.joinpath(*path.relative_to(root).parts[:2], names[track])
        name = f"{place.name}{end}.png"
        other = taken.setdefault(place.with_name(name), path)
        if other != path:
            raise InputError(f"{other} and {path} are one picture: remove one")
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place / name)
    return strange


def _track_and_end(path: Path, tracks: Container[str]) -> tuple[str | None, str]:
    """The track that a picture is of, and how its name goes on if it is an altered copy."""
    genre, stem = canonical_genre(path.parent.name), path.stem
    # GTZAN's numbers have five digits; whatever follows them belongs to a copy.
    ends = [found.start() for found in re.finditer(r"_|(?<=\d{5})(?=\D)", stem)]
    for end in (len(stem), *reversed(ends)):
        track = track_id(genre, stem[:end])
        if track in tracks:
            return track, stem[end:]
    return None, ""
