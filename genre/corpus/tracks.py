"""The table of tracks: the spine that every later table and folder is keyed by."""

import hashlib
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from genre.errors import InputError

# source: the file within the corpus; sr (Hz), channels and file_duration (s): as the file has them;
# samples and duration (s): as the pipeline uses them; sha256: of the samples; clipped: how many
# samples lie in clipped peaks; reason: why it is left out. `GROUP` is a column more where a corpus
# tells it.
COLUMNS = (
    "track", "genre", "source", "sr", "channels", "file_duration", "samples", "duration",
    "sha256", "clipped", "reason",
)  # fmt: skip

GROUP = "group"  # of tracks that belong together, an artist's for example

Row = dict[str, object]  # one track's, by column

NOT_LOOKED_FOR = "not looked for"  # instead of the number of what only audio can tell
# How the names of altered copies end: `blues00000_1`, `blues00000_noise`, `blues00000_1_noise`.
COPY = re.compile(r"_([0-9]+|noise)_*$")
# What a file's name cannot hold on Windows, or is not seen or lost at its ends.
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029]|^\.|[.\s]+\Z')
# What Windows takes for a device, whatever stands behind a dot.
DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³]|conin\$|conout\$) *(\.|\Z)", re.IGNORECASE)
MOST_BYTES = 200  # of a name; a file's may have 255, and endings come behind it

END = "\n"  # of lines, and nothing else: a file may be called `Icon\r`
MOST_WARNINGS = 20  # of tracks that are left out, one by one

log = logging.getLogger(__name__)


def file_name(text: str, *, told_apart_by: str = "") -> str:
    """Make a text the name of a file or a folder, on any system; most texts are one already.

    Parameters
    ----------
    text : str
        A genre, or a genre and a track.
    told_apart_by : str
        What tells it from others of the same text, such as a path.

    Returns
    -------
    str
        The text, composed as Unicode's NFC has it. Where a system would not have it, or where it
        is longer than 200 bytes, it is altered, and ends in eight digits made from what it was,
        so that different texts give different names.
    """
    text = unicodedata.normalize("NFC", text)
    name = UNSAFE.sub("_", text)
    name = f"_{name}" if DEVICE.match(name) else name
    if name == text and not told_apart_by and len(name.encode()) <= MOST_BYTES:
        return name
    digits = hashlib.sha256(f"{text}\n{told_apart_by}".encode()).hexdigest()[:8]
    return f"{name.encode()[: MOST_BYTES - 9].decode(errors='ignore')}-{digits}"


def file_names(texts: Sequence[str], paths: Sequence[str]) -> list[str]:
    """Make texts the names of files, no two of which any system takes for one.

    Parameters
    ----------
    texts : sequence of str
        Genres and tracks, as for `file_name`.
    paths : sequence of str
        What tells each from the others of the same text, or of one that differs in case alone.

    Returns
    -------
    list of str
        The name of each.

    Raises
    ------
    InputError
        If two have one name all the same.
    """
    names = [file_name(text) for text in texts]
    counts = Counter(map(file_key, names))
    names = [
        file_name(text, told_apart_by=path) if counts[file_key(name)] > 1 else name
        for text, name, path in zip(texts, names, paths, strict=True)
    ]
    first: dict[str, str] = {}
    for name, path in zip(names, paths, strict=True):
        other = first.setdefault(file_key(name), path)
        if other != path:
            raise InputError(f"{other} and {path} are both track {name}: rename one")
    return names


def file_key(name: str) -> str:
    """What names have in common that some file system takes for one: case does not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def without_zeros(path: str) -> str:
    """A path, in which a file that is called by a number alone lacks its first zeros."""
    folders, slash, name = path.rpartition("/")
    return folders + slash + ((name.lstrip("0") or "0") if name.isdecimal() else name)


def audio_file(folder: Path, track: str, genre: str) -> Path:
    """Where the audio of a track lies in a corpus: `blues/blues.00000.wav`."""
    return folder / file_name(genre) / f"{track}.wav"


def picture_file(folder: Path, track: str, genre: str) -> Path:
    """Where the picture of a track lies, as GTZAN names it: `blues/blues00000.png`.

    Where a track is not numbered as GTZAN's are, its picture has its own name: `rock.Song 2.png`.
    A name that ends as those of altered copies do has one more underscore: `rock.Take_1_.png`. So
    no picture, and no copy of one, has the name of another, whatever the tracks are called.
    """
    name = re.sub(r"^([^\W\d_]+)\.([0-9]+)$", r"\1\2", track)
    name = track if DEVICE.match(name) else name  # `com.1` is no device, `com1` is one
    return folder / file_name(genre) / f"{name}{'_' if COPY.search(name) else ''}.png"


def write_tracks(rows: Sequence[Row], path: Path) -> pd.DataFrame:
    """Write the table of tracks, in the order given.

    Parameters
    ----------
    rows : sequence of dict
        One a track, with some or all of `COLUMNS`, and perhaps `GROUP`; what is missing stays
        empty.
    path : Path
        A csv file.

    Returns
    -------
    pd.DataFrame
        The table.
    """
    extra = [GROUP] if any(GROUP in row for row in rows) else []
    table = pd.DataFrame(rows, columns=[*COLUMNS, *extra])
    for column in ("sr", "channels", "samples", "clipped"):
        table[column] = table[column].astype("Int64")
    table["reason"] = table["reason"].fillna("")
    table.to_csv(path, index=False, lineterminator=END)
    return table


def read_all_tracks(path: Path) -> pd.DataFrame:
    """Read the table of tracks as it is."""
    text = dict.fromkeys(("track", "genre", "source", "sha256", "reason", GROUP), str)
    # A genre may be called `1980`, which is no number, or `None`, which is not missing.
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""], lineterminator=END)


def read_tracks(path: Path) -> pd.DataFrame:
    """Read the usable tracks.

    Returns
    -------
    pd.DataFrame
        The rows without a reason to be left out, indexed by track.
    """
    table = read_all_tracks(path)
    return table[table["reason"].isna()].set_index("track")


def have_audio(tracks: pd.DataFrame) -> bool:
    """Whether the tracks came with audio, or with pictures alone."""
    return bool(tracks["sha256"].notna().all())


def groups_of(tracks: pd.DataFrame) -> pd.Series:
    """The group of each track that the corpus itself gives one; of none, where it gives none.

    Parameters
    ----------
    tracks : pd.DataFrame [index: track]
        What `read_tracks` gave.
    """
    known = tracks[GROUP] if GROUP in tracks else pd.Series(index=tracks.index[:0], dtype=object)
    return known.dropna().rename("group")


def write_not_used(files: Iterable[tuple[str, str]], path: Path) -> None:
    """Write which files of a corpus are no tracks, and why, as csv; warn of them by reason."""
    table = pd.DataFrame(sorted(files), columns=["file", "reason"])
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator=END)
    reasons = [*table.groupby("reason")["file"]]
    for reason, names in reasons[:MOST_WARNINGS]:
        log.warning("%d files are not used: %s, the first: %s", len(names), reason, names.iloc[0])
    if len(reasons) > MOST_WARNINGS:
        log.warning("files are not used for %d more reasons", len(reasons) - MOST_WARNINGS)
    if reasons:
        log.warning("%s lists all files that are not used", path)


def count_not_used(path: Path) -> dict[str, int]:
    """Count the files that `write_not_used` wrote, by reason."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, lineterminator=END)
    return dict(sorted(Counter(table["reason"]).items()))


def names_of(genres: pd.Series) -> list[tuple[str, str]]:
    """The track and the genre of each row of a series of genres that is indexed by track."""
    return [(str(track), str(genre)) for track, genre in genres.items()]


def check_usable(table: pd.DataFrame, *, minimum: float) -> None:
    """Warn of each track that is left out, and stop if too few remain.

    Parameters
    ----------
    table : pd.DataFrame
        What `write_tracks` gave.
    minimum : float in [0, 1]
        The share of the tracks that must be usable.

    Raises
    ------
    InputError
        If fewer are, or none of a genre.
    """
    left_out = table[table["reason"] != ""]
    for row in left_out.head(MOST_WARNINGS).itertuples():
        log.warning("%s (%s) is left out: %s", row.track, row.source, row.reason)
    if len(left_out) > MOST_WARNINGS:
        more = len(left_out) - MOST_WARNINGS
        log.warning("%d more are left out; data/tracks.csv says why, one by one", more)
    usable = len(table) - len(left_out)
    if usable == 0 or usable < minimum * len(table):
        raise InputError(
            f"only {usable} of {len(table)} tracks can be used, less than data.min_usable "
            f"({minimum:g}); the warnings above say why. Mend the files, or lower data.min_usable"
        )
    lost = sorted(set(table["genre"]) - set(table["genre"][table["reason"] == ""]))
    if lost:
        raise InputError(
            f"no track of {', '.join(lost)} can be used; data/tracks.csv says why, one by one. "
            "Mend the files, or take the genre out of the corpus"
        )
