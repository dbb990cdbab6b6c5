"""Bring the pictures of a corpus in: those of its tracks, and the versions that it has of them."""

import shutil
from pathlib import Path

from genre.corpus.folder import Source
from genre.corpus.layout import PICTURE_FOLDER, VERSIONS_FOLDER
from genre.corpus.tracks import Row, picture_file
from genre.errors import InputError
from genre.pictures.png import load


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


def import_versions(root: Path, folder: Path) -> None:
    """Copy the picture versions that GTZAN 2.0 brings, as they are."""
    for version in sorted(root.glob(f"{VERSIONS_FOLDER}/*")):
        shutil.copytree(version, folder / VERSIONS_FOLDER / version.name, dirs_exist_ok=True)
