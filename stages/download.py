"""Bring the corpus into data/, track by track, and list it in data/tracks.csv."""

import functools
from pathlib import Path

from genre import randomness
from genre.corpus import audio, folder, sources
from genre.corpus.demo import composition, recording, styles
from genre.corpus.demo import performance as demo
from genre.corpus.demo.styles import GENRES
from genre.corpus.tracks import check_usable, write_tracks
from genre.params import Data, Params
from genre.work.cache import key
from genre.work.folders import Made, checksums, fill
from genre.work.parallel import for_each
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset")


def make_track(name: tuple[str, int], *, data: Data, seed: int) -> Made:
    return demo.make_file(
        *name,
        seed=seed,
        duration=data.demo.duration,
        sr=data.sr,
        borrow=data.demo.borrow,
        minimum=data.segment_length - 1,
    )


def make_corpus(data: Data, *, seed: int) -> list[dict]:
    """Make the demo corpus; the row of each track."""
    names = [(genre, number) for genre in GENRES for number in range(data.demo.tracks_per_genre)]
    code = (make_track, demo, composition, styles, recording, audio, randomness)
    settings = (seed, data.demo.duration, data.demo.borrow, data.sr, data.segment)
    keys = [key(*code, name, *settings) for name in names]
    work = functools.partial(make_track, data=data, seed=seed)
    return fill(AUDIO, work, names, keys, [genre for genre, _ in names], description="demo tracks")


def import_corpus(root: Path, params: Params) -> list[dict]:
    """Take each track's picture, its audio, or both, as the parameters ask; its row."""
    pictures = params.spectrogram.source == "dataset"
    sources = folder.find_tracks(root, pictures=pictures)
    rows = {source.track: {"reason": ""} for source in sources}
    DATASET.mkdir(parents=True, exist_ok=True)
    if params.features.source == "dataset":
        folder.import_tables(root, DATASET)
    if pictures:
        folder.import_versions(root, DATASET)
        work = functools.partial(folder.import_picture, root=root, folder=DATASET)
        for row in for_each(work, sources, description="pictures"):
            rows[row["track"]] = row
    wanted = [s for s in sources if params.needs_audio and not rows[s.track]["reason"]]
    settings = {"sr": params.data.sr, "minimum": params.data.segment_length - 1}
    files = [source.audio or source.picture for source in wanted]
    keys = [
        key(folder, audio, source.track, file.relative_to(root), checksum, settings)
        for source, file, checksum in zip(wanted, files, checksums(files), strict=True)
    ]
    work = functools.partial(folder.import_audio, root=root, **settings)
    places = [source.genre for source in wanted]
    for row in fill(AUDIO, work, wanted, keys, places, description=f"{params.data.source} tracks"):
        rows[row["track"]] = row
    return list(rows.values())


def find_corpus(data: Data) -> Path:
    """The folder of a corpus that is not made here; it is downloaded if need be."""
    match data.source:
        case "folder":
            return folder.find_root(data.path)
        case "url":
            limit = int(data.url.unpacked_limit * 1e9)
            found = sources.fetch_archive(data.url.address, sha256=data.url.sha256, limit=limit)
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
