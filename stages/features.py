"""Compute the 57 features of each segment and each track, or take the dataset's own."""

import functools
import logging
from pathlib import Path

import numpy as np
import pandas as pd

from genre.corpus import audio
from genre.corpus.tracks import audio_file, names_of, read_tracks
from genre.features.extraction import extract, extract_segments
from genre.features.segments import segment_name, steps_of
from genre.features.tables import make_table, read_features
from genre.params import Params
from genre.work.cache import key
from genre.work.parallel import for_each
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset")
SEGMENTS = Path("data/features/features_3_sec.csv")
WHOLE = Path("data/features/features_30_sec.csv")

log = logging.getLogger(__name__)


def make_segments(item: tuple[str, str], *, sr: int, segment: float, steps: int) -> np.ndarray:
    """Compute the samples and the 57 features of each segment of a track."""
    samples = audio.decode(audio_file(AUDIO, *item), sr=sr).samples
    parts = extract_segments(samples, sr=sr, segment=segment, steps=steps)
    return np.array([(count, *features) for count, features in parts])


def make_whole(item: tuple[str, str], *, sr: int) -> np.ndarray:
    """Compute the samples and the 57 features of a whole track, whatever its segments are."""
    samples = audio.decode(audio_file(AUDIO, *item), sr=sr).samples
    return np.array([(len(samples), *extract(samples, sr=sr))])


def compute(
    tracks: pd.DataFrame, *, sr: int, segment: float, steps: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute both tables: of segments, and of whole tracks."""
    items = names_of(tracks["genre"])
    keys = [key(make_segments, sha256, sr, segment, steps) for sha256 in tracks["sha256"]]
    work = functools.partial(make_segments, sr=sr, segment=segment, steps=steps)
    segments = list(for_each(work, items, description="features of segments", keys=keys))
    keys = [key(make_whole, sha256, sr) for sha256 in tracks["sha256"]]
    work = functools.partial(make_whole, sr=sr)
    whole = list(for_each(work, items, description="features of tracks", keys=keys))
    names = [
        (segment_name(track, step), genre)
        for (track, genre), rows in zip(items, segments, strict=True)
        for step in range(len(rows))
    ]
    return (
        make_table(segments, *zip(*names, strict=True)),
        make_table(whole, *zip(*((f"{track}.wav", genre) for track, genre in items), strict=True)),
    )


def take(tracks: pd.DataFrame, *, steps: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take both tables as the corpus has them; the first one is empty where it has none."""
    whole = read_features(DATASET / WHOLE.name, tracks.index)
    if not (DATASET / SEGMENTS.name).is_file():
        log.warning(
            "the corpus has no %s: the RNNs, the transformer and what joins them cannot be made; "
            "docs/corpora.md says how to make the others",
            SEGMENTS.name,
        )
        return whole[:0], whole
    return read_features(DATASET / SEGMENTS.name, tracks.index, steps=steps), whole


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    sr, segment = params.data.sr, params.data.segment
    steps = steps_of(params.data.duration, segment)
    if params.features.source == "dataset":
        segments, whole = take(tracks, steps=steps)
    else:
        segments, whole = compute(tracks, sr=sr, segment=segment, steps=steps)
    for path, table in ((SEGMENTS, segments), (WHOLE, whole)):
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(path, index=False, lineterminator="\n")
    return f"features of {len(segments)} segments and {len(whole)} tracks in {WHOLE.parent}"


if __name__ == "__main__":
    run(main)
