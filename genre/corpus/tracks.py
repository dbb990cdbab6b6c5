"""The table of tracks: the spine that every later table and folder is keyed by."""

import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from genre.errors import InputError

# source: the file within the corpus; sr (Hz), channels and file_duration (s): as the file has them;
# samples and duration (s): as the pipeline uses them; sha256: of the samples; clipped: how many
# samples lie in clipped peaks; reason: why it is left out.
COLUMNS = (
    "track", "genre", "source", "sr", "channels", "file_duration", "samples", "duration",
    "sha256", "clipped", "reason",
)  # fmt: skip

Row = dict[str, object]  # one track's, by column

NOT_LOOKED_FOR = "not looked for"  # instead of the number of what only audio can tell
# How the names of altered copies end: `blues00000_1`, `blues00000_noise`, `blues00000_1_noise`.
COPY = re.compile(r"_([0-9]+|noise)_*$")
LONGEST_END = "_100_noise.png"  # augmentation.copies is 100 at most
LONGEST_NAME = 255  # bytes that file systems bear
COLUMNS_BESIDE_GENRES = ("track", "split", "genre")  # of a table of predictions

MOST_WARNINGS = 20  # of tracks that are left out, one by one

log = logging.getLogger(__name__)


def audio_file(folder: Path, track: str, genre: str) -> Path:
    """Where the audio of a track lies in a corpus: `blues/blues.00000.wav`."""
    return folder / genre / f"{track}.wav"


def picture_file(folder: Path, track: str, genre: str) -> Path:
    """Where the picture of a track lies, as GTZAN names it: `blues/blues00000.png`.

    Where a track is not numbered as GTZAN's are, its picture has its own name: `rock.Song 2.png`.
    A name that ends as those of altered copies do has one more underscore: `rock.Take_1_.png`. So
    no picture, and no copy of one, has the name of another, whatever the tracks are called.
    """
    name = re.sub(r"^([^\W\d_]+)\.([0-9]+)$", r"\1\2", track)
    return folder / genre / f"{name}{'_' if COPY.search(name) else ''}.png"


def check_name(track: str, genre: str, file: Path) -> None:
    """Make sure that all files and tables can be written that are called after a track.

    Parameters
    ----------
    track, genre : str
        The track.
    file : Path
        Its file in the corpus, which an error names.

    Raises
    ------
    InputError
        If the name is too long for the files of altered pictures, or if the genre's is that of a
        column.
    """
    longest = picture_file(Path(), track, genre).stem + LONGEST_END
    excess = len(os.fsencode(longest)) - LONGEST_NAME
    if excess > 0:
        raise InputError(f"{file}: its name is {excess} bytes too long: rename it")
    if genre in COLUMNS_BESIDE_GENRES:
        raise InputError(f"{file}: a genre cannot be called {genre}: rename its folder")


def write_tracks(rows: Sequence[Row], path: Path) -> pd.DataFrame:
    """Write the table of tracks, in the order given.

    Parameters
    ----------
    rows : sequence of dict
        One a track, with some or all of `COLUMNS`; what is missing stays empty.
    path : Path
        A csv file.

    Returns
    -------
    pd.DataFrame
        The table.
    """
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in ("sr", "channels", "samples", "clipped"):
        table[column] = table[column].astype("Int64")
    table["reason"] = table["reason"].fillna("")
    table.to_csv(path, index=False, lineterminator="\n")
    return table


def read_all_tracks(path: Path) -> pd.DataFrame:
    """Read the table of tracks as it is."""
    texts = dict.fromkeys(("track", "genre", "source", "sha256", "reason"), str)
    # A genre may be called NA.
    return pd.read_csv(path, dtype=texts, keep_default_na=False, na_values=[""])


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


def is_gtzan(source: str, tracks: pd.Index) -> bool:
    """Whether a corpus is GTZAN or a part of it, by where it is from and its tracks' names.

    Parameters
    ----------
    source : str
        The parameter `data.source`; the demo corpus gives its tracks names like GTZAN's.
    tracks : pd.Index
        The names.
    """
    genres = "blues|classical|country|disco|hiphop|jazz|metal|pop|reggae|rock"
    name = re.compile(rf"({genres})\.000\d\d")
    return source != "demo" and len(tracks) > 0 and all(map(name.fullmatch, tracks))


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
        If fewer are.
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
