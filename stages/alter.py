"""Alter excerpts of training tracks at random, for models beyond the study to learn from."""

import functools
from pathlib import Path

import numpy as np

from genre.classification.altered import write
from genre.classification.inputs import LOG_MEL, SEQUENCE, WHOLE, Inputs, Recipe, make_inputs
from genre.corpus.audio import decode
from genre.corpus.tracks import audio_file, have_audio, read_tracks
from genre.evaluation.transformations import alter
from genre.features.patches import frames_of
from genre.features.segments import steps_of
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from genre.work.cache import key
from genre.work.parallel import for_each
from stages import run

AUDIO = Path("data/audio")
TARGET = Path("data/altered")
WANTED = (LOG_MEL, SEQUENCE, WHOLE)


def make(
    item: tuple[str, str, int], *, recipe: Recipe, seed: int, most: float, lowest: float
) -> Inputs:
    """What models read of one altered excerpt."""
    track, genre, copy = item
    samples = decode(audio_file(AUDIO, track, genre), sr=recipe.sr).samples
    rng = generator(seed, "alter", str(copy), track)
    altered = alter(samples, rng, sr=recipe.sr, most=most, lowest=lowest)
    return make_inputs(altered, recipe, WANTED)


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    copies = params.altered.copies if params.beyond.networks and have_audio(tracks) else 0
    chosen = tracks.loc[split.index[split == "train"]]
    items = [(str(t), str(g), n) for n in range(copies) for t, g in chosen["genre"].items()]
    recipe = Recipe(
        sr=params.data.sr,
        duration=params.data.duration,
        segment=params.data.segment,
        loudness=params.patches.loudness,
    )
    seed, most, lowest = params.seed, params.altered.level, params.altered.band_limit
    keys = [
        key(make, item, chosen["sha256"][item[0]], recipe, seed, most, lowest) for item in items
    ]
    work = functools.partial(make, recipe=recipe, seed=seed, most=most, lowest=lowest)
    found = for_each(work, items, description="altered excerpts", keys=keys)
    names = [track for track, _, _ in items]
    lengths = [chosen["samples"][track] for track in names]
    frames = np.array([frames_of(n, sr=recipe.sr) for n in lengths], dtype=int)
    inputs = ((each.whole, each.sequence, each.log_mel) for each in found)
    write(TARGET, names, frames, inputs, steps=steps_of(recipe.duration, recipe.segment))
    return f"{len(items)} altered excerpts of {len(chosen)} training tracks in {TARGET}"


if __name__ == "__main__":
    run(main)
