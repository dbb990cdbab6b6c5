"""Compare what is said of test tracks with their rows in the tables; run in a finished project."""

from pathlib import Path

import numpy as np

from genre.classification.songs import open_song
from genre.corpus.tracks import audio_file, names_of
from genre.evaluation.predictions import probabilities_of
from genre.models.variants import models_of
from genre.params import load_params
from genre.work.parallel import for_each
from stages.robustness import open_models, recipe_of

params = load_params()
names = models_of(params.beyond.chosen())
models = open_models(params, names)
tables = {name: models.predictions_of(name) for name in names}
table = tables["cnn-1.0"]
test = table[table["split"] == "test"].iloc[:3]


def listen(item):
    path = audio_file(Path("data/audio"), *item)
    return open_song(path, recipe=recipe_of(params), wanted=models.reads(names))


# One, and several at once: what is said of one must not depend on the others.
songs = for_each(listen, names_of(test["genre"]), description="songs", processes=1)
excerpts = [excerpt for song in songs for excerpt in song.excerpts]
alone, together = (models.softmax(names, part) for part in (excerpts[:1], excerpts))
for name in names:
    rows = probabilities_of(tables[name]).loc[test.index].to_numpy()
    same = np.array_equal(rows, together[name]) and np.array_equal(rows[:1], alone[name])
    print(f"row: {name} {'equal' if same else np.abs(rows - together[name]).max()}")
