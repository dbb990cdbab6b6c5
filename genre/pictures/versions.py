"""Take the picture versions that a corpus brings, instead of making them."""

import re
from pathlib import Path

from genre.corpus.layout import VERSIONS_FOLDER
from genre.errors import InputError
from genre.work.folders import fill_with_copies

DATASET = Path("data/dataset") / VERSIONS_FOLDER


def brings(version: str) -> bool:
    """Whether the corpus brings a version of the pictures."""
    return (DATASET / version).is_dir()


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
    pictures: dict[str, list[Path]] = {}
    for path in sorted((DATASET / version).glob("*/*/*.png")):
        pictures.setdefault(_name(path), []).append(path)
    sides = {_name(path): path.relative_to(like).parent for path in like.glob("*/*/*.png")}
    sources, places = [], []
    for name, side in sorted(sides.items()):
        found = pictures.get(name, [])
        if not any(path.stem == name for path in found):
            raise InputError(f"{DATASET / version} has no picture {name}.png")
        chosen = [path for path in found if path.stem == name or side.parts[0] == "train"]
        sources += chosen
        places += [side.as_posix()] * len(chosen)
    return fill_with_copies(target, sources, places, description=version)


def _name(path: Path) -> str:
    """The track's picture name: `blues00000` for `blues00000.png` and its altered copies."""
    found = re.match(r"[a-z]+\d{5}", path.stem)
    return found[0] if found else path.stem
