"""Compute the 57 features of each segment and each track, or take the dataset's own."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd

from genre import audio, features, sequences
from genre.cache import key
from genre.corpus.tracks import audio_file, read_tracks
from genre.features import COLUMNS, extract, read_features
from genre.parallel import for_each
from genre.params import Params
from genre.sequences import STEPS, segment_name
from stages import run

AUDIO = Path("data/audio")
TARGET = Path("data/features")


def make(item: tuple[str, str], *, sr: int, segment_length: int) -> tuple[list, list]:
    """Compute the rows of one track in both tables: its segments, and the whole of it."""
    track, genre = item
    samples = audio.decode(audio_file(AUDIO, track, genre), sr=sr).samples
    length = segment_length - 1
    starts = np.arange(STEPS) * segment_length
    segments = [samples[k : k + length] for k in starts if k + length <= len(samples)]
    rows = [
        (segment_name(track, step), length, *extract(segment, sr=sr), genre)
        for step, segment in enumerate(segments)
    ]
    return rows, [(f"{track}.wav", len(samples), *extract(samples, sr=sr), genre)]


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    TARGET.mkdir(parents=True, exist_ok=True)
    if params.features.source == "dataset":
        tables = [
            read_features(Path("data/dataset/features_3_sec.csv"), tracks.index, steps=STEPS),
            read_features(Path("data/dataset/features_30_sec.csv"), tracks.index),
        ]
    else:
        work = functools.partial(make, sr=params.data.sr, segment_length=params.data.segment_length)
        items = list(tracks["genre"].items())
        code = (make, audio, features, sequences)
        keys = [
            key(*code, item, sha256, params.data.sr, params.data.segment_length)
            for item, sha256 in zip(items, tracks["sha256"], strict=True)
        ]
        results = zip(*for_each(work, items, description="features", keys=keys), strict=True)
        tables = [
            pd.DataFrame([row for rows in result for row in rows], columns=list(COLUMNS))
            for result in results
        ]
    for name, table in zip(("features_3_sec", "features_30_sec"), tables, strict=True):
        table.to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n")
    return f"features of {len(tables[0])} segments and {len(tables[1])} tracks in {TARGET}"


if __name__ == "__main__":
    run(main)
