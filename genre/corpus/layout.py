"""The layout of a corpus: what lies in its folder, and what genres, tracks and files are called."""

import functools
import logging
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePath, PurePosixPath

from genre.errors import InputError

AUDIO_FOLDER = "genres_original"
PICTURE_FOLDER = "images_original"
VERSIONS_FOLDER = "Augmented_GTZAN"  # of GTZAN 2.0: VERSION/SPLIT/GENRE/*.png
EXTENSIONS = (
    ".wav", ".au", ".snd", ".mp3", ".mpga", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".m4b",
    ".m4r", ".mp4", ".3gp", ".aac", ".wma", ".aif", ".aiff", ".aifc", ".webm", ".weba", ".mka",
    ".mkv", ".wv", ".ape",
)  # fmt: skip
# Audio as well, or what may hold some, where EXTENSIONS does not have it: no file of it is a track,
# and a genre that has no others is lost. Of some, nothing would tell that one was cut off.
OTHER_AUDIO = (
    ".aa", ".aax", ".ac3", ".alac", ".amr", ".avi", ".bwf", ".caf", ".dff", ".dsf", ".dts", ".flv",
    ".kar", ".m4p", ".m4v", ".mid", ".midi", ".mov", ".mp1", ".mp2", ".mpa", ".mpc", ".mpeg",
    ".mpg", ".ofr", ".ogv", ".ogx", ".qcp", ".ra", ".rf64", ".rm", ".shn", ".spx", ".tak", ".tta",
    ".voc", ".w64", ".wmv",
)  # fmt: skip
GENRES = (
    "blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock",
)  # fmt: skip

# Unicode's categories of spaces, hyphens, underscores, and of what is not seen.
SEPARATORS = ("Zs", "Zl", "Zp", "Pd", "Pc", "Cf", "Cc")

# What systems leave behind, and what tells people about a corpus: nobody takes it for music.
NO_CONTENT = re.compile(
    r"\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|\.git\w+|"
    r"(README|LICEN[CS]E|COPYING)(\.(md|rst|txt|html?|pdf))?",
    re.IGNORECASE,
)
NOT_UTF8, HIDDEN, UNREADABLE = "its name is not UTF-8", "hidden", "cannot be read"

log = logging.getLogger(__name__)


def list_files(root: Path) -> tuple[list[str], list[tuple[str, str]]]:
    r"""List the files in a folder, at any depth; links are followed.

    Parameters
    ----------
    root : Path
        The folder.

    Returns
    -------
    files : list of str
        The path of each file within the folder, in order.
    others : list of (str, str)
        The path of what is no file that could be used, and why not; a folder's ends in `/`. What
        in it is not UTF-8 is written as `\xff`. What only the system or people read is in
        neither list.
    """
    files, others = [], []
    for path, reason in sorted(_walk(root, "", ())):
        if not _is_utf8(path):
            others.append((os.fsencode(path).decode(errors="backslashreplace"), NOT_UTF8))
        elif path.startswith(".") or "/." in path:
            others.append((path, HIDDEN))
        elif reason:
            others.append((path, reason))
        else:
            files.append(path)
    return files, others


def check_readable(root: Path, *, parameter: str) -> None:
    """Stop if DVC could not read a folder, hidden files included, or would not come to an end."""
    reasons = [(NOT_UTF8 if not _is_utf8(path) else why, path) for path, why in _walk(root, "", ())]
    if found := sorted(pair for pair in reasons if pair[0]):
        reason, first = found[0]
        raise InputError(
            f"{parameter}: DVC cannot read {sum(why == reason for why, _ in found)} files in "
            f"{root}: {reason}, the first: {os.fsencode(first).decode(errors='backslashreplace')}; "
            f"{'rename them, by convmv for example' if reason == NOT_UTF8 else 'take them out'}"
        )


def find_not_used(
    root: Path, used: Collection[str], *, passed_over: Callable[[PurePosixPath], bool], audio: str
) -> list[tuple[str, str]]:
    """Find the files of a corpus that are no tracks, and say why.

    Parameters
    ----------
    root : Path
        The folder of the corpus.
    used : collection of str
        The files of the tracks, by their paths within the folder.
    passed_over : callable
        Takes a file's path within the folder; gives whether it is there for something else.
    audio : str
        Why audio is not used.

    Returns
    -------
    list of (str, str)
        The path of each file within the folder, and the reason, which names no path.
    """
    files, others = list_files(root)
    taken = set(used)
    for file in map(PurePosixPath, (file for file in files if file not in taken)):
        if not passed_over(file):
            ending = file.suffix.lower() if re.fullmatch(r"\.\w{1,9}", file.suffix) else "none"
            reason = audio if is_audio(file.name) else f"other ending: {ending}"
            others.append((str(file), reason))
    return others


def check_genres(genres: Collection[str], lost: Mapping[str, str], *, where: str) -> None:
    """Stop before any work if there are fewer than two genres, or if one has no track.

    Parameters
    ----------
    genres : collection of str
        The genres that have tracks.
    lost : mapping of str to str
        Those that have none, and why.
    where : str
        What was looked at, for the message.

    Raises
    ------
    InputError
        If so; the message says what to do.
    """
    if lost:
        genre, reason = min(lost.items())
        more = f" and none of {len(lost) - 1} other genres" if len(lost) > 1 else ""
        raise InputError(
            f"{where}: no file of {genre} can be used ({reason}){more}: mend the files (audio may "
            f"be {', '.join(EXTENSIONS)}), or take the genre out"
        )
    if len(genres) < 2:
        raise InputError(
            f"{where}: two genres are the fewest that can be told apart, and there is "
            f"{f'one, {min(genres)}' if genres else 'none'}: name the folder whose folders are the "
            "genres, or add music of another"
        )


def _walk(root: Path, prefix: str, above: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, str]]:
    """The path of each file below a folder, and a reason where it cannot be read."""
    try:
        state = (root / prefix).stat()
        with os.scandir(root / prefix) as entries:
            found = [(f"{prefix}/{entry.name}".lstrip("/"), entry) for entry in entries]
    except OSError:
        yield f"{prefix}/", UNREADABLE
        return
    here = (state.st_dev, state.st_ino)
    if here in above:
        yield f"{prefix}/", "a link to a folder that it lies in"
        return
    for path, entry in found:
        if _is(entry.is_dir):
            yield from _walk(root, path, (*above, here))
        elif not NO_CONTENT.fullmatch(entry.name):
            if not _is(entry.is_file):
                yield path, "a link to nothing" if entry.is_symlink() else "no file"
            else:
                yield path, "" if os.access(entry.path, os.R_OK) else UNREADABLE


def _is(kind: Callable[[], bool]) -> bool:
    try:
        return kind()
    except OSError:  # a link to itself, for example
        return False


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


@functools.cache
def genre_key(name: str) -> str:
    """What the spellings of one genre have in common: `Hip-Hop` and `hip hop` are `hiphop`.

    Case, spaces, hyphens and underscores do not count, nor how Unicode composes a letter; all
    else does: `Música` is not `Musica`, and `R&B` is not `RB`.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    bare = "".join(letter for letter in folded if unicodedata.category(letter) not in SEPARATORS)
    return bare or folded.strip() or "_"


def canonical_genre(name: str) -> str:
    """A genre as the user calls it, without spaces at its ends; GTZAN's ten as GTZAN does."""
    key = genre_key(name)
    if key in GENRES:
        return key
    text = unicodedata.normalize("NFC", name)
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip() or "_"


def unify_genres(names: Iterable[str]) -> dict[str, str]:
    """Find the genre of each name, where several may be spellings of one, and say which are.

    Parameters
    ----------
    names : iterable of str
        What genres are called, such as the folders of a corpus.

    Returns
    -------
    dict of str to str
        The genre of each name: of several spellings GTZAN's, or the first in the order of Unicode.
    """
    spellings = defaultdict(list)
    for name in sorted(set(names), key=lambda name: (unicodedata.normalize("NFC", name), name)):
        spellings[genre_key(name)].append(name)
    genres: dict[str, str] = {}
    for found in spellings.values():
        genre = canonical_genre(found[0])
        if len(found) > 1:
            log.info("%s are one genre: %s", " and ".join(map(repr, found)), genre)
        elif genre != found[0]:
            log.info("%r is the genre %s", found[0], genre)
        genres |= dict.fromkeys(found, genre)
    return genres


def track_id(genre: str, *path: str) -> str:
    """Name a track: GTZAN's own name, or the file's and its folders', behind its genre.

    `blues.00000` and the picture's `blues00000` are both `blues.00000`; `my song` in the folder
    `blues` is `blues.my song`, and in its folder `Live` it is `blues.Live.my song`.

    Parameters
    ----------
    genre : str
        The genre.
    *path : str
        The folders below that of the genre, and last the file's name without its ending.
    """
    *folders, stem = (unicodedata.normalize("NFC", part) for part in path)
    if not folders:
        number = re.fullmatch(rf"{re.escape(genre.lower())}\.?([0-9]+)", stem.lower())
        stem = number[1] if number else stem.removeprefix(f"{genre}.")
    return ".".join((genre, *folders, stem))


def is_audio(file: str) -> bool:
    """Whether a file is audio that can be used, by its ending."""
    return _ending(file) in EXTENSIONS


def may_be_audio(path: str, reason: str = "") -> bool:
    """Whether what `list_files` found may be audio or hold some, be it of use or not."""
    if path.endswith("/"):
        return reason == UNREADABLE
    return _ending(path) in (*EXTENSIONS, *OTHER_AUDIO) and reason != HIDDEN


def _ending(file: str) -> str:
    _, dot, ending = file.rpartition(".")
    return dot + ending.lower()


def is_gtzans(track: str) -> bool:
    """Whether a track has a name of GTZAN's, which is the name of one recording."""
    genre, _, number = track.partition(".")
    return genre in GENRES and re.fullmatch("[0-9]{5}", number) is not None


def is_gtzan(source: str, tracks: Collection[str]) -> bool:
    """Whether tracks are GTZAN's, or some of them, by their names and by `data.source`.

    The demo corpus gives its tracks names like GTZAN's.
    """
    named = all(is_gtzans(track) and int(track[-5:]) < 100 for track in tracks)
    return source != "demo" and len(tracks) > 0 and named


def without_ending(path: PurePath) -> PurePath:
    """A file's path without the ending of audio or of a picture; whatever else ends it stays."""
    return path.with_suffix("") if path.suffix.lower() in (*EXTENSIONS, ".png") else path


def is_for_training(picture: PurePath) -> bool:
    """Whether a picture, `SPLIT/GENRE/*.png`, is one to train on."""
    return picture.parts[-3] == "train"
