"""Let every model hear test tracks that were changed in what has nothing to do with genre."""

import dataclasses
import functools
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from genre.classification.inputs import Inputs, Recipe, make_inputs
from genre.corpus.audio import decode
from genre.corpus.tracks import audio_file, have_audio, names_of, read_tracks
from genre.evaluation.predictions import make_table
from genre.evaluation.robustness import COLUMNS, INDEX, robustness, verdict
from genre.evaluation.transformations import TRANSFORMATIONS
from genre.features.segments import segment_length
from genre.models.variants import models_of
from genre.params import Params
from genre.randomness import generator
from genre.work.cache import key
from genre.work.parallel import for_each
from stages import choose_backend, run, write_json

if TYPE_CHECKING:
    from genre.classification.trained import TrainedModels

AUDIO = Path("data/audio")
TABLE = Path("data/robustness.csv")
METRICS = Path("metrics/robustness.json")
AS_IT_IS = "as it is"
MEASURES = ("accuracy", "accuracy_low", "accuracy_high", "lost", "changed", "p", "p_holm")
NOTHING = pd.DataFrame(columns=COLUMNS[2:], index=pd.MultiIndex.from_arrays([[], []], names=INDEX))


def recipe_of(params: Params) -> Recipe:
    """How the models of a run with these parameters are made."""
    return Recipe(
        sr=params.data.sr,
        duration=params.data.duration,
        segment=params.data.segment,
        spectrogram={
            "n_fft": params.spectrogram.n_fft,
            "hop_length": params.spectrogram.hop_length,
            "n_mels": params.spectrogram.n_mels,
            "top_db": params.spectrogram.top_db,
            "colour_map": params.spectrogram.colour_map,
        },
        loudness=params.patches.loudness,
        network=next(iter(params.beyond.networks), None),
        stride=params.musicnn.stride,
        cnn=params.model.variant,
        rnn=params.rnn.variant,
    )


def open_models(params: Params, names: Sequence[str]) -> "TrainedModels":
    """The models of this folder, which were trained with these parameters."""
    choose_backend()
    from genre.training import devices  # first: it imports Keras as it should be

    from genre.classification.trained import TrainedModels

    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=False,
    )
    return TrainedModels(Path(), recipe_of(params), names)


def change(item: tuple[str, str, str], *, seed: int, recipe: Recipe, wanted: list[str]) -> Inputs:
    """What models read of a track [transformation, track, genre] once it is changed."""
    name, track, genre = item
    samples = decode(audio_file(AUDIO, track, genre), sr=recipe.sr).samples
    if name != AS_IT_IS:
        rng = generator(seed, "robustness", name, track)
        samples = TRANSFORMATIONS[name].apply(samples, recipe.sr, rng)
        # Of less than a segment no features can be computed: such a track begins again.
        shortest = segment_length(recipe.segment, recipe.sr)
        samples = np.resize(samples, max(len(samples), shortest))
    return make_inputs(samples, recipe, wanted)


def hear(
    names: Sequence[str],
    tested: pd.DataFrame,
    models: "TrainedModels",
    *,
    seed: int,
    recipe: Recipe,
    deterministic: bool,
) -> dict[str, dict[str, pd.DataFrame]]:
    """What each model says of the test tracks [columns: split, genre, sha256], by change.

    What a model said is kept: it is not asked again while it and the tracks are the same.
    """
    from genre.classification.trained import answer

    wanted = sorted(models.reads(models.names))
    # What models read does not depend on which of them is asked: what is kept is found again.
    recipe = dataclasses.replace(recipe, network=None, stride=1, cnn="", rnn="")
    work = functools.partial(change, seed=seed, recipe=recipe, wanted=wanted)
    items = [(name, *item) for name in names for item in names_of(tested["genre"])]
    keys = {
        name: [
            key(change, name, seed, recipe, wanted, track, sha256)
            for track, sha256 in tested["sha256"].items()
        ]
        for name in names
    }
    flat = list(itertools.chain(*keys.values()))
    excerpts = for_each(work, items, description="changed tracks", keys=flat)
    # While models listen to one change, the other processes go on with the next.
    changes = itertools.groupby(zip(items, excerpts, strict=True), key=lambda pair: pair[0][0])

    @functools.lru_cache(maxsize=1)
    def changed(name: str) -> list[Inputs]:
        found = next(group for each, group in changes if each == name)
        return [excerpt for _, excerpt in found]

    made = {part: models.made_of(part) for part in models.parts(models.names)}
    questions = list(itertools.product(names, made))
    asked = [key(answer, keys[name], part, made[part], deterministic) for name, part in questions]
    ask = functools.partial(answer, models=models, excerpts=changed)
    answers = for_each(ask, questions, description="models", keys=asked, processes=1)
    said = dict(zip(questions, answers, strict=True))
    tables: dict[str, dict[str, pd.DataFrame]] = {}
    for name in names:
        softmax = models.join(models.names, {part: said[name, part] for part in made})
        tables[name] = {
            model: make_table(tested["genre"], tested["split"], softmax[model]) for model in softmax
        }
    return tables


def compare(tracks: pd.DataFrame, params: Params) -> tuple[pd.DataFrame, str]:
    """The table of losses, and what it says in a sentence."""
    if not params.robustness.transformations:
        return NOTHING, "not looked for: robustness.transformations is empty"
    if not have_audio(tracks):
        return NOTHING, "not looked for: the corpus has no audio"
    recipe, seed = recipe_of(params), params.seed
    models = open_models(params, models_of(params.beyond.chosen()))
    said = {model: models.predictions_of(model) for model in models.names}
    clean = {model: table[table["split"] == "test"] for model, table in said.items()}
    tested = next(iter(clean.values()))[["split", "genre"]].join(tracks["sha256"])
    names = list(params.robustness.transformations)
    if "dataset" in (params.spectrogram.source, params.features.source):
        # Its own pictures or features may be others than ours.
        names.insert(0, AS_IT_IS)
    changed = hear(
        names, tested, models,
        seed=seed, recipe=recipe, deterministic=params.train.deterministic,
    )  # fmt: skip
    clean = changed.pop(AS_IT_IS, clean)
    groups = pd.read_csv("data/groups.csv", dtype={"track": str}).set_index("track")["group"]
    found = robustness(clean, changed, groups, generator(seed, "bootstrap"))
    return found, verdict(found)


def main(params: Params) -> str:
    found, sentence = compare(read_tracks(Path("data/tracks.csv")), params)
    found = found.round(6)
    found.to_csv(TABLE, lineterminator="\n")
    cells = {
        str(name): part.droplevel("transformation")[list(MEASURES)].to_dict("index")
        for name, part in found.groupby("transformation", sort=False)
    }
    write_json({"verdict": sentence, **cells}, METRICS)
    return sentence


if __name__ == "__main__":
    run(main)
