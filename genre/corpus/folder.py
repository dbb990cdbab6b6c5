"""Take a corpus from a folder in GTZAN's layout."""

import io
import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scipy.io import wavfile

from genre.corpus.audio import decode, describe
from genre.corpus.excerpts import excerpt
from genre.corpus.layout import (
    AUDIO_FOLDER,
    EXTENSIONS,
    PICTURE_FOLDER,
    VERSIONS_FOLDER,
    canonical_genre,
    track_id,
)
from genre.corpus.tracks import Row
from genre.errors import InputError
from genre.work.folders import Made

NO_AUDIO = "it has a picture and no audio, which features.source: compute needs"
FEATURE_FILES = ("features_3_sec.csv", "features_30_sec.csv")
SPLIT_FILES = ("indices_train.json", "indices_val.json", "indices_test.json")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """What a corpus holds of one track: its audio, its picture, or both."""

    track: str
    genre: str
    audio: Path | None = None
    picture: Path | None = None

    @property
    def file(self) -> Path:
        """The audio, or the picture where there is none."""
        file = self.audio or self.picture
        if file is None:
            raise ValueError(f"{self.track} has neither audio nor a picture")
        return file


def find_root(path: Path, *, parameter: str = "data.path") -> Path:
    """Find the folder that holds the genres, `genres_original` or the like; also one level down.

    Parameters
    ----------
    path : Path
        Where to look.
    parameter : str
        The parameter that an error names.

    Raises
    ------
    InputError
        If the folder does not exist or holds no audio and no pictures.
    """
    if not path.is_dir():
        raise InputError(f"{parameter}: {path} is not a folder; name the folder that holds GTZAN")
    roots = [path, *sorted(child for child in path.iterdir() if child.is_dir())]
    for root in roots:
        if any((root / name).is_dir() for name in (AUDIO_FOLDER, PICTURE_FOLDER, VERSIONS_FOLDER)):
            return root
    for root in roots:
        if _audio_files(root):
            return root
    raise InputError(
        f"{parameter}: {path} holds neither {AUDIO_FOLDER}/GENRE/*.wav nor GENRE/*.wav; "
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
    found: dict[str, dict[str, Any]] = {}
    files = [("audio", path) for path in _audio_files(audio_root)]
    if pictures:
        files += [("picture", path) for path in (root / PICTURE_FOLDER).glob("*/*.png")]
        files += [("picture", path) for path in root.glob(f"{VERSIONS_FOLDER}/original/*/*/*.png")]
    for kind, path in files:
        genre = canonical_genre(path.parent.name)
        track = track_id(genre, path.stem)
        entry = found.setdefault(track, {"track": track, "genre": genre})
        if kind in entry:
            raise InputError(f"{path} and {entry[kind]} are both track {track}: remove one")
        entry[kind] = path
    return [Source(**found[track]) for track in sorted(found)]


def import_tables(root: Path, folder: Path, *, features: bool) -> None:
    """Copy the lists of a split that a corpus holds, and its csv files of features if wanted."""
    for name in (*SPLIT_FILES, *(FEATURE_FILES if features else ())):
        found = next(iter(sorted(root.rglob(name))), None)
        if found:
            shutil.copyfile(found, folder / name)
        elif name in FEATURE_FILES:
            log.warning("%s has no %s: what needs it will stop", root, name)


def import_audio(source: Source, root: Path, *, sr: int, length: int, minimum: int) -> Made[Row]:
    """Check the audio of one track, and take an excerpt of it if it is of use.

    Mono WAV at the right sample rate that is no longer than an excerpt is taken as it is; all else
    is decoded, mixed down, resampled, cut, and made a 32-bit float WAV.

    Parameters
    ----------
    source : Source
        The track.
    root : Path
        Where the corpus lies.
    sr : int > 0
        Sample rate wanted, in Hz.
    length : int > 0
        Length of an excerpt in samples.
    minimum : int > 0
        The fewest samples that are of use.

    Returns
    -------
    (dict, dict)
        The track's row for the table of tracks, and its WAV file, or none if it is of no use.
    """
    file = source.file.relative_to(root).as_posix()
    row: dict[str, object] = {"track": source.track, "genre": source.genre, "source": file}
    if source.audio is None:
        return {**row, "reason": NO_AUDIO}, {}
    try:
        found = decode(source.audio, sr=sr)
    except ValueError as error:
        return {**row, "reason": str(error)}, {}
    whole = found
    found = replace(whole, samples=excerpt(whole.samples, length=length))
    row["file_duration"] = round(len(whole.samples) / sr, 3)
    row |= describe(found, sr=sr, minimum=minimum)
    if row["reason"]:
        return row, {}
    is_right = (source.audio.suffix.lower(), found.native_sr, found.channels) == (".wav", sr, 1)
    if is_right and len(found.samples) == len(whole.samples):
        wav = source.audio.read_bytes()
    else:
        # soundfile would write the time into it.
        content = io.BytesIO()
        wavfile.write(content, sr, found.samples)
        wav = content.getvalue()
    return row, {f"{source.track}.wav": wav}


def _audio_files(root: Path) -> list[Path]:
    return sorted(
        path
        for path in root.glob("*/*")
        if path.suffix.lower() in EXTENSIONS and not path.name.startswith(".")
    )
