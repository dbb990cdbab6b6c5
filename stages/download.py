"""Bring the corpus into data/, track by track, and list it in data/tracks.csv."""

import functools
from pathlib import Path

from genre.corpus import demo, folder, sources
from genre.corpus.styles import GENRES
from genre.corpus.tracks import check_usable, write_tracks
from genre.parallel import for_each
from genre.params import Data, Params
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset")


def make_track(name: tuple[str, int], *, data: Data, seed: int) -> dict:
    return demo.write_track(
        *name,
        AUDIO,
        seed=seed,
        duration=data.demo.duration,
        sr=data.sr,
        borrow=data.demo.borrow,
        minimum=data.segment_length - 1,
    )


def import_track(source: folder.Source, *, root: Path, params: Params) -> dict:
    """Take a track's picture, its audio, or both, as the parameters ask."""
    row = {}
    if params.spectrogram.source == "dataset":
        row = folder.import_picture(source, root, DATASET)
    if params.needs_audio and not row.get("reason"):
        data = params.data
        minimum = data.segment_length - 1
        row = folder.import_audio(source, root, AUDIO, sr=data.sr, minimum=minimum)
    return row


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
    for path, content in (
        (AUDIO, "The tracks that the pipeline computes from."),
        (DATASET, "Pictures and features taken as the corpus has them."),
    ):
        path.mkdir(parents=True, exist_ok=True)
        (path / "README.md").write_text(content + "\n")  # DVC warns of an empty folder
    if data.source == "demo":
        tracks = [(genre, k) for genre in GENRES for k in range(data.demo.tracks_per_genre)]
        work = functools.partial(make_track, data=data, seed=params.seed)
    else:
        root = find_corpus(data)
        pictures = params.spectrogram.source == "dataset"
        tracks = folder.find_tracks(root, pictures=pictures)
        work = functools.partial(import_track, root=root, params=params)
        if params.features.source == "dataset":
            folder.import_tables(root, DATASET)
        if pictures:
            folder.import_versions(root, DATASET)
    rows = list(for_each(work, tracks, description=f"{data.source} tracks"))
    table = write_tracks(rows, Path("data/tracks.csv"))
    check_usable(table, minimum=data.min_usable)
    usable = table[table["reason"] == ""]
    return f"{len(usable)} of {len(table)} tracks in {usable['genre'].nunique()} genres"


if __name__ == "__main__":
    run(main)
