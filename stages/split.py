"""Decide which tracks are for training, validation and test."""

from pathlib import Path

from genre.corpus.tracks import read_tracks
from genre.params import Params
from genre.splits import stratified, write_split
from stages import run


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = stratified(
        tracks["genre"], test=params.split.test, val=params.split.val, seed=params.seed
    )
    write_split(split, Path("data/split.json"), scheme=params.split.scheme, seed=params.seed)
    counts = ", ".join(f"{len(members)} {name}" for name, members in split.items())
    return f"{params.split.scheme} split: {counts} tracks"


if __name__ == "__main__":
    run(main)
