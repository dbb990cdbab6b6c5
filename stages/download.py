"""Bring the corpus into data/, track by track, and list it in data/tracks.csv."""

import functools
from collections.abc import Iterable
from pathlib import Path

from genre.corpus import folder, sources
from genre.corpus.demo.performance import make_file
from genre.corpus.demo.styles import GENRES
from genre.corpus.tracks import Row, check_usable, write_tracks
from genre.errors import InputError
from genre.features.segments import segment_length
from genre.params import Data, Params
from genre.pictures.importing import import_picture, import_versions
from genre.work.cache import key
from genre.work.folders import Made, checksums, fill
from genre.work.parallel import for_each
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset")


def make_track(name: tuple[str, int], *, data: Data, seed: int) -> Made[Row]:
    return make_file(
        *name,
        seed=seed,
        duration=data.demo.duration,
        sr=data.sr,
        borrow=data.demo.borrow,
        minimum=segment_length(data.segment, data.sr),
    )


def make_corpus(data: Data, *, seed: int) -> list[Row]:
    """Make the demo corpus; the row of each track."""
    names = [(genre, number) for genre in GENRES for number in range(data.demo.tracks_per_genre)]
    settings = (seed, data.demo.duration, data.demo.borrow, data.sr, data.segment)
    keys = [key(make_track, name, *settings) for name in names]
    work = functools.partial(make_track, data=data, seed=seed)
    return fill(AUDIO, work, names, keys, [genre for genre, _ in names], description="demo tracks")


def check_names(files: Iterable[Path]) -> None:
    """Stop at a file whose name is not UTF-8, which the table of tracks is."""
    for file in files:
        name = str(file).encode(errors="surrogateescape").decode(errors="backslashreplace")
        if name != str(file):
            raise InputError(
                f"{name}: the name of this file is not UTF-8, which data/tracks.csv is: rename it "
                "(convmv -r -f latin1 -t utf8 --notest renames all in a folder)"
            )


def import_corpus(root: Path, params: Params) -> list[Row]:
    """Take each track's picture, its audio, or both, as the parameters ask; its row."""
    pictures = params.spectrogram.source == "dataset"
    needs_audio = not pictures or params.features.source == "compute"
    sources = folder.find_tracks(root, pictures=pictures)
    check_names(source.file for source in sources)
    rows: dict[str, Row] = {source.track: {"reason": ""} for source in sources}
    DATASET.mkdir(parents=True, exist_ok=True)
    if params.features.source == "dataset":
        folder.import_tables(root, DATASET)
    if pictures:
        import_versions(root, DATASET)
        take_picture = functools.partial(import_picture, root=root, folder=DATASET)
        for row in for_each(take_picture, sources, description="pictures"):
            rows[str(row["track"])] = row
    wanted = [s for s in sources if needs_audio and not rows[s.track]["reason"]]
    sr, minimum = params.data.sr, segment_length(params.data.segment, params.data.sr)
    files = [source.file for source in wanted]
    keys = [
        key(folder.import_audio, source.track, file.relative_to(root), checksum, sr, minimum)
        for source, file, checksum in zip(wanted, files, checksums(files), strict=True)
    ]
    work = functools.partial(folder.import_audio, root=root, sr=sr, minimum=minimum)
    places = [source.genre for source in wanted]
    for row in fill(AUDIO, work, wanted, keys, places, description=f"{params.data.source} tracks"):
        rows[str(row["track"])] = row
    return list(rows.values())


def find_corpus(data: Data) -> Path:
    """The folder of a corpus that is not made here; it is downloaded if need be."""
    match data.source:
        case "folder":
            return folder.find_root(data.path)
        case "url":
            limit = int(data.url.unpacked_limit * 1e9)
            address, sha256 = data.url.address or "", data.url.sha256 or ""  # which are checked
            found = sources.fetch_archive(address, sha256=sha256, limit=limit)
            return folder.find_root(found, parameter="data.url")
        case _:
            return folder.find_root(sources.fetch_kaggle(data.source), parameter="data.source")


def main(params: Params) -> str:
    data = params.data
    if data.source == "demo":
        rows = make_corpus(data, seed=params.seed)
    else:
        rows = import_corpus(find_corpus(data), params)
    for path, content in (
        (AUDIO, "The tracks that the pipeline computes from."),
        (DATASET, "Pictures and features taken as the corpus has them."),
    ):
        path.mkdir(parents=True, exist_ok=True)
        (path / "README.md").write_text(content + "\n")  # DVC warns of an empty folder
    table = write_tracks(rows, Path("data/tracks.csv"))
    check_usable(table, minimum=data.min_usable)
    usable = table[table["reason"] == ""]
    return f"{len(usable)} of {len(table)} tracks in {usable['genre'].nunique()} genres"


if __name__ == "__main__":
    run(main)
