"""The layout of GTZAN: what its folders, genres, tracks and files are called."""

import re
from pathlib import PurePath

AUDIO_FOLDER = "genres_original"
PICTURE_FOLDER = "images_original"
VERSIONS_FOLDER = "Augmented_GTZAN"  # of GTZAN 2.0: VERSION/SPLIT/GENRE/*.png
EXTENSIONS = (
    ".wav", ".au", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".wma", ".aif",
    ".aiff", ".aifc", ".webm", ".mka", ".mkv", ".wv", ".ape",
)  # fmt: skip


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


def without_ending(path: PurePath) -> PurePath:
    """A file's path without the ending of audio or of a picture; whatever else ends it stays."""
    return path.with_suffix("") if path.suffix.lower() in (*EXTENSIONS, ".png") else path


def is_for_training(picture: PurePath) -> bool:
    """Whether a picture, `SPLIT/GENRE/*.png`, is one to train on."""
    return picture.parts[-3] == "train"
