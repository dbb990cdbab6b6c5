"""Bring the corpus into data/, track by track, and list it in data/tracks.csv."""

import functools
from pathlib import Path

from genre.corpus import folder, table
from genre.corpus.audio import too_short
from genre.corpus.demo.performance import make_file
from genre.corpus.demo.styles import GENRES
from genre.corpus.excerpts import excerpt_length
from genre.corpus.folder import Source
from genre.corpus.online import sources
from genre.corpus.tracks import (
    GROUP,
    Row,
    audio_file,
    check_usable,
    file_name,
    write_not_used,
    write_tracks,
)
from genre.features.segments import segment_length
from genre.params import Data, Params
from genre.pictures.importing import NO_TRACK, import_picture, import_versions
from genre.work.cache import key
from genre.work.folders import Made, checksums, fill
from genre.work.parallel import for_each
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset")
NOT_USED = Path("data/not_used.csv")


def make_track(name: tuple[str, int], *, data: Data, seed: int) -> Made[Row]:
    return make_file(
        *name,
        seed=seed,
        duration=data.duration,
        sr=data.sr,
        borrow=data.demo.borrow,
    )


def make_corpus(data: Data, *, seed: int) -> list[Row]:
    """Make the demo corpus; the row of each track."""
    names = [(genre, number) for genre in GENRES for number in range(data.demo.tracks_per_genre)]
    settings = (seed, data.duration, data.demo.borrow, data.sr)
    keys = [key(make_track, name, *settings) for name in names]
    work = functools.partial(make_track, data=data, seed=seed)
    return fill(AUDIO, work, names, keys, [genre for genre, _ in names], description="demo tracks")


def import_corpus(root: Path, sources: list[Source], params: Params) -> list[Row]:
    """Take each track's picture, its audio, or both, as the parameters ask; its row."""
    pictures = params.spectrogram.source == "dataset"
    needs_audio = not pictures or params.features.source == "compute"
    rows: dict[str, Row] = {source.track: {"reason": ""} for source in sources}
    if pictures:
        take_picture = functools.partial(import_picture, root=root, folder=DATASET)
        for row in for_each(take_picture, sources, description="pictures"):
            rows[str(row["track"])] = row
    wanted = [s for s in sources if needs_audio and not rows[s.track]["reason"]]
    sr = params.data.sr
    length = excerpt_length(params.data.duration, sr)
    files = [source.file for source in wanted]
    keys = [
        key(
            folder.import_audio,
            *(source.track, source.genre, file.relative_to(root), checksum, sr, length),
        )
        for source, file, checksum in zip(wanted, files, checksums(files), strict=True)
    ]
    work = functools.partial(folder.import_audio, root=root, sr=sr, length=length)
    places = [file_name(source.genre) for source in wanted]
    for row in fill(AUDIO, work, wanted, keys, places, description=f"{params.data.source} tracks"):
        rows[str(row["track"])] = row
    leave_out_short(wanted, rows, minimum=segment_length(params.data.segment, sr))
    for source in sources:
        if source.group is not None:
            rows[source.track][GROUP] = source.group
    return list(rows.values())


def leave_out_short(sources: list[Source], rows: dict[str, Row], *, minimum: int) -> None:
    """Take out what another segment may need: its length is no reason to decode all again."""
    for source in sources:
        row = rows[source.track]
        if reason := too_short(int(str(row.get("samples", minimum))), minimum=minimum):
            row["reason"] = reason
            audio_file(AUDIO, source.track, source.genre).unlink(missing_ok=True)


def find_folder(data: Data) -> tuple[Path, str]:
    """The folder of a corpus, which is downloaded if need be, and the parameter that names it."""
    match data.source:
        case "folder":
            return data.path, "data.path"
        case "url":
            limit = int(data.url.unpacked_limit * 1e9)
            address, sha256 = data.url.address or "", data.url.sha256 or ""  # which are checked
            return sources.fetch_archive(address, sha256=sha256, limit=limit), "data.url"
        case _:
            return sources.fetch_kaggle(data.source), "data.source"


def find_corpus(
    data: Data, *, pictures: bool
) -> tuple[Path, Path, list[Source], list[tuple[str, str]]]:
    """The folder of a corpus, where in it the genres lie, its tracks, and what is none, and why."""
    if data.source == "table":
        found, left_over = table.find_tracks(
            data.path,
            data.table.path,
            file=data.table.file,
            genre=data.table.genre,
            group=data.table.group,
        )
        return data.path, data.path, found, left_over
    path, parameter = find_folder(data)
    root = folder.find_root(path, parameter=parameter)
    found = folder.find_tracks(root, pictures=pictures)
    left_over = folder.find_left_over(path, root, found, pictures=pictures, table=data.table.path)
    return path, root, found, left_over


def main(params: Params) -> str:
    data = params.data
    if data.source == "demo":
        write_not_used([], NOT_USED)
        rows = make_corpus(data, seed=params.seed)
    else:
        pictures = params.spectrogram.source == "dataset"
        path, root, found, left_over = find_corpus(data, pictures=pictures)
        DATASET.mkdir(parents=True, exist_ok=True)
        for file in import_versions(found, root, DATASET) if pictures else ():
            left_over.append((file.relative_to(path).as_posix(), NO_TRACK))
        write_not_used(left_over, NOT_USED)
        folder.import_tables(path, DATASET, features=params.features.source == "dataset")
        rows = import_corpus(root, found, params)
    for path, content in (
        (AUDIO, "The tracks that the pipeline computes from."),
        (DATASET, "Pictures and features taken as the corpus has them."),
    ):
        path.mkdir(parents=True, exist_ok=True)
        # DVC warns of an empty folder.
        (path / "README.md").write_text(content + "\n", encoding="utf-8", newline="\n")
    tracks = write_tracks(rows, Path("data/tracks.csv"))
    check_usable(tracks, minimum=data.min_usable)
    usable = tracks[tracks["reason"] == ""]
    return f"{len(usable)} of {len(tracks)} tracks in {usable['genre'].nunique()} genres"


if __name__ == "__main__":
    run(main)
