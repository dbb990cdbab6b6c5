"""Compute the 57 features of each segment and each track, or take the dataset's own."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd

from genre.corpus import audio
from genre.corpus.tracks import audio_file, read_tracks
from genre.features import extraction as features
from genre.features.extraction import COLUMNS, extract, read_features
from genre.features.sequences import STEPS, segment_name
from genre.params import Params
from genre.work.cache import key
from genre.work.parallel import for_each
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset")
TARGET = Path("data/features")


def make(item: tuple[str, str], *, sr: int, segment_length: int) -> np.ndarray:
    """Compute the samples and the 57 features of each segment of a track, and of the whole."""
    samples = audio.decode(audio_file(AUDIO, *item), sr=sr).samples
    length = segment_length - 1
    starts = np.arange(STEPS) * segment_length
    parts = [samples[k : k + length] for k in starts if k + length <= len(samples)]
    return np.array([(len(part), *extract(part, sr=sr)) for part in (*parts, samples)])


def table_of(
    rows: list[np.ndarray], names: tuple[str, ...], genres: tuple[str, ...]
) -> pd.DataFrame:
    """Lay rows out as GTZAN's tables are."""
    table = pd.DataFrame(np.vstack(rows), columns=list(COLUMNS[1:-1]))
    table = table.astype({COLUMNS[1]: int})
    table.insert(0, COLUMNS[0], names)
    return table.assign(**{COLUMNS[-1]: genres})


def compute(tracks: pd.DataFrame, params: Params) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute both tables: of segments, and of whole tracks."""
    settings = {"sr": params.data.sr, "segment_length": params.data.segment_length}
    items = list(tracks["genre"].items())
    code = (make, audio, features)
    keys = [key(*code, sha256, STEPS, settings) for sha256 in tracks["sha256"]]
    work = functools.partial(make, **settings)
    found = list(for_each(work, items, description="features", keys=keys))
    segments = [
        (segment_name(track, step), genre)
        for (track, genre), rows in zip(items, found, strict=True)
        for step in range(len(rows) - 1)
    ]
    whole = [(f"{track}.wav", genre) for track, genre in items]
    return (
        table_of([rows[:-1] for rows in found], *zip(*segments, strict=True)),
        table_of([rows[-1:] for rows in found], *zip(*whole, strict=True)),
    )


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    TARGET.mkdir(parents=True, exist_ok=True)
    if params.features.source == "dataset":
        segments = read_features(DATASET / "features_3_sec.csv", tracks.index, steps=STEPS)
        whole = read_features(DATASET / "features_30_sec.csv", tracks.index)
    else:
        segments, whole = compute(tracks, params)
    for name, table in (("features_3_sec", segments), ("features_30_sec", whole)):
        table.to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n")
    return f"features of {len(segments)} segments and {len(whole)} tracks in {TARGET}"


if __name__ == "__main__":
    run(main)
