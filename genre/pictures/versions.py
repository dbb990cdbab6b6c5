"""Take the picture versions that a corpus brings, instead of making them."""

from pathlib import Path

from genre.corpus.layout import PICTURE_FOLDER, VERSIONS_FOLDER
from genre.errors import InputError
from genre.work.folders import fill_with_copies

DATASET = Path("data/dataset")


def brings(version: str) -> bool:
    """Whether the corpus brings a version of the pictures."""
    return (DATASET / VERSIONS_FOLDER / version).is_dir()


def take(version: str, like: Path, target: Path) -> int:
    """Copy a version of the pictures, each on the side where the split has its track.

    A training track comes with all its altered copies, another with its own picture only,
    whichever side the corpus has it on: its versions may follow different splits.

    Parameters
    ----------
    version : str
        The version's name.
    like : Path
        A folder `SPLIT/GENRE/*.png` of another version, which tells the side of each track.
    target : Path
        The folder to bring it to, of the same layout.

    Returns
    -------
    int
        How many pictures were copied.

    Raises
    ------
    InputError
        If the version has no picture of a track.
    """
    folder = DATASET / VERSIONS_FOLDER / version
    sources, places = [], []
    for picture in sorted(like.glob("*/*/*.png")):
        side = picture.parent.relative_to(like)
        if not (DATASET / PICTURE_FOLDER / side.name / picture.name).is_file():
            continue  # an altered copy
        own = folder / side.name / picture.stem / picture.name
        if not own.is_file():
            raise InputError(f"{folder} has no picture {picture.name}")
        chosen = sorted(own.parent.iterdir()) if side.parts[0] == "train" else [own]
        sources += chosen
        places += [side.as_posix()] * len(chosen)
    return fill_with_copies(target, sources, places, description=version)
