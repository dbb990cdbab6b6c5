"""Make the sequences that the RNNs read, raw and scaled."""

from pathlib import Path

import pandas as pd

from genre.corpus.tracks import read_tracks
from genre.features.segments import steps_of
from genre.features.sequences import from_features, scale
from genre.params import Params
from genre.splitting.splits import read_split
from stages import run

TARGET = Path("data/sequences")
PART = 500  # rows of the table that are read at once


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    source = "data/features/features_3_sec.csv"
    segments = pd.read_csv(source, chunksize=PART)
    used = tracks.index[tracks.index.isin(split.index)]
    steps = steps_of(params.data.duration, params.data.segment)
    raw = from_features(segments, used, steps=steps)
    raw.save(TARGET / "raw.npz")
    scale(raw, split).save(TARGET / "scaled.npz")
    return f"{len(raw.tracks)} sequences in {TARGET}, raw and scaled"


if __name__ == "__main__":
    run(main)
