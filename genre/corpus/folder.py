"""Find a corpus's tracks in a folder, and take their audio over."""

import io
import logging
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from scipy.io import wavfile

from genre.corpus.audio import decode, describe
from genre.corpus.excerpts import excerpt
from genre.corpus.layout import (
    AUDIO_FOLDER,
    EXTENSIONS,
    PICTURE_FOLDER,
    VERSIONS_FOLDER,
    check_genres,
    find_not_used,
    genre_key,
    is_audio,
    is_gtzans,
    list_files,
    may_be_audio,
    track_id,
    unify_genres,
)
from genre.corpus.tracks import Row, file_names
from genre.errors import InputError
from genre.work.folders import Made

BESIDE, TOO_DEEP = "beside the genres' folders", "too deep for a picture"
NO_AUDIO = "it has a picture and no audio, which features.source: compute needs"
FEATURE_FILES = ("features_3_sec.csv", "features_30_sec.csv")
SPLIT_FILES = ("indices_train.json", "indices_val.json", "indices_test.json")
MOST_NAMED = 30  # genres in a line

# A file's path within the corpus, its genre, and its path below the folder of that.
Entry = tuple[str, str, Sequence[str]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """What a corpus holds of one track: its audio, its picture, or both; its group, if known."""

    track: str
    genre: str
    audio: Path | None = None
    picture: Path | None = None
    group: str | None = None

    @property
    def file(self) -> Path:
        """The audio, or the picture where there is none."""
        file = self.audio or self.picture
        if file is None:
            raise ValueError(f"{self.track} has neither audio nor a picture")
        return file


def find_root(path: Path, *, parameter: str = "data.path") -> Path:
    """Find the folder that holds the genres, or GTZAN's `genres_original` or the like.

    That is the folder itself, or one below it to which the only way leads: as long as all audio
    lies in one folder of a folder, and there in further ones, it is no genre but holds them.

    Parameters
    ----------
    path : Path
        Where to look.
    parameter : str
        The parameter that an error names.

    Raises
    ------
    InputError
        If the folder does not exist or holds no audio in folders, and no pictures of GTZAN's.
    """
    if not path.is_dir():
        raise InputError(f"{parameter}: {path} is not a folder; name the one that holds the music")
    children = sorted(c for c in path.iterdir() if c.is_dir() and not c.name.startswith("."))
    for root in (path, *children):
        if any((root / name).is_dir() for name in (AUDIO_FOLDER, PICTURE_FOLDER, VERSIONS_FOLDER)):
            return root
    files, others = list_files(path)
    if not any(is_audio(file) and "/" in file for file in files):
        raise InputError(
            f"{parameter}: {path} holds neither {AUDIO_FOLDER}/GENRE/*.wav nor GENRE/*.wav; "
            f"name the folder that does (audio may be {', '.join(EXTENSIONS)})"
        )
    there = [file for file in files if may_be_audio(file)]
    there += [file for file, reason in others if may_be_audio(file, reason)]
    places = {tuple(file.split("/")[:-1]) for file in there} - {()}
    depth = 0
    while len({place[: depth + 1] for place in places}) == 1 < min(map(len, places)) - depth:
        depth += 1
    root = path.joinpath(*next(iter(places))[:depth])
    if depth:
        log.warning("%s: its genres are taken to be the folders of %s", parameter, root)
    return root


def find_tracks(root: Path, *, pictures: bool) -> list[Source]:
    """List the tracks of a corpus whose folders are genres, in the order of genre and name.

    Parameters
    ----------
    root : Path
        What `find_root` found. Audio may lie any number of folders below that of its genre.
    pictures : bool
        Whether pictures count, so that a track may have a picture and no audio.

    Returns
    -------
    list of Source
        One entry a track.

    Raises
    ------
    InputError
        If two files are the same track of GTZAN's.
    """
    home = [AUDIO_FOLDER] if (root / AUDIO_FOLDER).is_dir() else []
    files = [file.split("/") for file in list_files(root)[0]]
    audio = [parts for parts in files if parts[: len(home)] == home and is_audio(parts[-1])]
    audio = [parts for parts in audio if len(parts) > len(home) + 1]
    drawn = [parts for parts in files if pictures and _is_picture(parts)]
    genres = unify_genres({*(parts[len(home)] for parts in audio), *(parts[-2] for parts in drawn)})
    kinds: dict[str, list[Entry]] = {
        "audio": [
            ("/".join(parts), genres[parts[len(home)]], parts[len(home) + 1 :]) for parts in audio
        ],
        "picture": [("/".join(parts), genres[parts[-2]], parts[-1:]) for parts in drawn],
    }
    found: dict[str, dict[str, Any]] = {}
    for kind, entries in kinds.items():
        for (file, genre, _), track in zip(entries, name_tracks(entries), strict=True):
            found.setdefault(track, {"track": track, "genre": genre})[kind] = root / file
    counts = Counter(entry["genre"] for entry in found.values())
    deep = [parts for parts in audio if len(parts) > len(home) + 2]
    log.info(
        "%d genres, the folders of %s: %s; %d tracks, %d of them in folders below their genre's%s",
        *(len(counts), root.joinpath(*home), listed(counts), len(found), len(deep)),
        f", such as {'/'.join(deep[0])}" if deep else "",
    )
    return [Source(**found[track]) for track in sorted(found)]


def _is_picture(parts: list[str]) -> bool:
    """Whether a path is that of a track's picture as GTZAN, or GTZAN 2.0, has them."""
    at_home = parts[:-2] == [PICTURE_FOLDER] or (
        parts[:2] == [VERSIONS_FOLDER, "original"] and len(parts) == 5
    )
    return at_home and parts[-1].endswith(".png")


def listed(counts: Mapping[str, int]) -> str:
    """The genres and their numbers of tracks in words, as far as a line of them goes."""
    words = [f"{genre} ({count})" for genre, count in sorted(counts.items())]
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def find_left_over(
    path: Path, root: Path, sources: Sequence[Source], *, pictures: bool, table: Path
) -> list[tuple[str, str]]:
    """Find the files of a corpus that are no tracks of it, and say why.

    Parameters
    ----------
    path : Path
        The folder that the user named.
    root, sources, pictures
        What `find_root` and `find_tracks` found there, and how.
    table : Path
        A table that may lie there, for `genre.corpus.table`.

    Returns
    -------
    list of (str, str)
        As `genre.corpus.layout.find_not_used`; without GTZAN's tables, lists and pictures, which
        parameters ask for.

    Raises
    ------
    InputError
        If there are fewer than two genres, or if none of the files of one is a track.
    """
    drawn = (VERSIONS_FOLDER,) if pictures else (VERSIONS_FOLDER, PICTURE_FOLDER)

    def passed_over(file: PurePosixPath) -> bool:
        if file.name in (*FEATURE_FILES, *SPLIT_FILES) or path / file == table:
            return True
        return file.suffix.lower() == ".png" and any(folder in file.parts for folder in drawn)

    files = [file for source in sources for file in (source.audio, source.picture) if file]
    used = [file.relative_to(path).as_posix() for file in files]
    found = [
        (file, TOO_DEEP if PICTURE_FOLDER in file and file.endswith(".png") else reason)
        for file, reason in find_not_used(path, used, passed_over=passed_over, audio=BESIDE)
    ]
    genres = {source.genre for source in sources}
    keys = set(map(genre_key, genres))
    home = (root / AUDIO_FOLDER if (root / AUDIO_FOLDER).is_dir() else root).relative_to(path)
    lost: dict[str, str] = {}
    for file, reason in found:
        if PurePosixPath(file).is_relative_to(home) and may_be_audio(file, reason):
            folder, slash, _ = file.removeprefix(f"{home.as_posix()}/").partition("/")
            if slash and genre_key(folder) not in keys:
                lost[folder] = reason
    check_genres(genres, lost, where=str(path))
    return found


def name_tracks(entries: Sequence[Entry]) -> list[str]:
    """Name the track of each file, so that no two are called the same.

    Raises
    ------
    InputError
        If two files are the same track of GTZAN's.
    """
    texts: list[str] = []
    files: dict[str, str] = {}
    for file, genre, (*folders, name) in entries:
        text = track_id(genre, *folders, name.rpartition(".")[0])
        if is_gtzans(text) and text in files:
            raise InputError(f"{files[text]} and {file} are both track {text}: remove one")
        texts.append(text)
        files[text] = file
    return file_names(texts, [file for file, *_ in entries])


def import_tables(root: Path, folder: Path, *, features: bool) -> None:
    """Copy the lists of a split that a corpus holds, and its csv files of features if wanted."""
    for name in (*SPLIT_FILES, *(FEATURE_FILES if features else ())):
        found = next(iter(sorted(root.rglob(name))), None)
        if found:
            shutil.copyfile(found, folder / name)
        elif name in FEATURE_FILES:
            log.warning("%s has no %s: what needs it will stop", root, name)


def import_audio(source: Source, root: Path, *, sr: int, length: int) -> Made[Row]:
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

    Returns
    -------
    (dict, dict)
        The track's row for the table of tracks, and its WAV file, or none if it is of no use for
        another reason than its length.
    """
    file = source.file.relative_to(root).as_posix()
    row: dict[str, object] = {"track": source.track, "genre": source.genre, "source": file}
    if source.audio is None:
        return {**row, "reason": NO_AUDIO}, {}
    try:
        whole = decode(source.audio, sr=sr)
    except ValueError as error:
        return {**row, "reason": str(error)}, {}
    found = replace(whole, samples=excerpt(whole.samples, length=length))
    row["file_duration"] = round(len(whole.samples) / sr, 3)
    row |= describe(found, sr=sr)
    if row["reason"]:
        return row, {}
    as_it_is = (found.native_sr, found.channels, len(found.samples)) == (sr, 1, len(whole.samples))
    if as_it_is and _is_wav(source.audio):
        wav = source.audio.read_bytes()
    else:
        # soundfile would write the time into it.
        content = io.BytesIO()
        wavfile.write(content, sr, found.samples)
        wav = content.getvalue()
    return row, {f"{source.track}.wav": wav}


def _is_wav(file: Path) -> bool:
    with file.open("rb") as content:
        head = content.read(12)
    return (head[:4], head[8:]) == (b"RIFF", b"WAVE")
