"""Find the material of a corpus that lies in a folder in GTZAN's layout."""

import re
from dataclasses import dataclass
from pathlib import Path

from genre.audio import EXTENSIONS
from genre.errors import InputError

AUDIO_FOLDER = "genres_original"
PICTURE_FOLDER = "images_original"
FEATURE_FILES = ("features_3_sec.csv", "features_30_sec.csv")


@dataclass(frozen=True)
class Source:
    """What a corpus holds of one track: its audio, its picture, or both."""

    track: str
    genre: str
    audio: Path | None = None
    picture: Path | None = None


def canonical_genre(name: str) -> str:
    """The genre's name as GTZAN spells it: `Hip-Hop` is `hiphop`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def track_id(genre: str, stem: str) -> str:
    """Name a track: GTZAN's own name, or the file's, behind its genre.

    `blues.00000` and the picture's `blues00000` are both `blues.00000`; `my song` in the folder
    `blues` is `blues.my song`.
    """
    number = re.fullmatch(rf"{genre}\.?(\d+)", stem.lower())
    if number:
        return f"{genre}.{number[1]}"
    return stem if stem.startswith(f"{genre}.") else f"{genre}.{stem}"


def picture_name(track: str) -> str:
    """The file name of a track's picture: `blues.00000` has `blues00000.png`."""
    return track.replace(".", "", 1) + ".png"


def find_root(path: Path) -> Path:
    """Find the folder that holds `genres_original` or the genres, also one level down.

    Raises
    ------
    InputError
        If the folder does not exist or holds no audio and no pictures.
    """
    if not path.is_dir():
        raise InputError(f"data.path: {path} is not a folder; name the folder that holds GTZAN")
    for root in (path, path / "Data"):
        if (root / AUDIO_FOLDER).is_dir() or (root / PICTURE_FOLDER).is_dir():
            return root
    if any(_audio_files(path)):
        return path
    raise InputError(
        f"data.path: {path} holds neither {AUDIO_FOLDER}/GENRE/*.wav nor GENRE/*.wav; "
        f"name the folder that does (audio may be {', '.join(EXTENSIONS)})"
    )


def find_tracks(root: Path, *, pictures: bool) -> list[Source]:
    """List the tracks of a corpus, in the order of genre and name.

    Parameters
    ----------
    root : Path
        What `find_root` found.
    pictures : bool
        Whether pictures count, so that a track may have a picture and no audio.

    Returns
    -------
    list of Source
        One entry a track.

    Raises
    ------
    InputError
        If two files are the same track.
    """
    audio_root = root / AUDIO_FOLDER if (root / AUDIO_FOLDER).is_dir() else root
    found: dict[str, dict] = {}
    files = [("audio", path) for path in _audio_files(audio_root)]
    if pictures:
        files += [("picture", path) for path in (root / PICTURE_FOLDER).glob("*/*.png")]
    for kind, path in files:
        genre = canonical_genre(path.parent.name)
        track = track_id(genre, path.stem)
        entry = found.setdefault(track, {"track": track, "genre": genre})
        if kind in entry:
            raise InputError(f"{path} and {entry[kind]} are both track {track}: remove one")
        entry[kind] = path
    return [Source(**found[track]) for track in sorted(found)]


def _audio_files(root: Path) -> list[Path]:
    return sorted(
        path
        for path in root.glob("*/*")
        if path.suffix.lower() in EXTENSIONS and not path.name.startswith(".")
    )
