"""The models that `dvc repro` trained, and what each says of an excerpt."""

from genre.training import devices  # first: it imports Keras as it should be

# isort: split

import functools
import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

import keras
import numpy as np
import pandas as pd
from PIL import Image

from genre.classification.inputs import LOG_MEL, PICTURE, SEQUENCE, WHOLE, Inputs, Recipe
from genre.errors import InputError
from genre.evaluation.predictions import probabilities_of, read_predictions
from genre.evaluation.temperature import fit_temperature
from genre.features.embeddings import hear
from genre.features.patches import FRAMES, patches_of
from genre.models.beyond.musicnn import embedder, load_musicnn
from genre.models.beyond.transformer import arrange, at_steps, of_arranged
from genre.models.beyond.weighting import JOINS
from genre.models.ensembles import DIGITS, combine
from genre.models.names import BASELINES, ENSEMBLES, HYBRID, PRETRAINED
from genre.models.variants import CNNS, LEARNED, table_of
from genre.pictures.frame import crop
from genre.pictures.inputs import COLOURS, scaled_image
from genre.training.chunks import predict_tracks
from genre.training.fitting import predict

Heard = tuple[np.ndarray, np.ndarray]  # what `hear` gives of an excerpt

READS = {
    "cnn": {PICTURE},
    "rnn": {SEQUENCE},
    HYBRID: {PICTURE, WHOLE},
    "short-chunk-4.0": {LOG_MEL},
    "musicnn-4.1": {LOG_MEL},
    "musicnn-4.2": {LOG_MEL, WHOLE},
    "transformer-4.3": {LOG_MEL, SEQUENCE},
}
MODES = {channels: colour for colour, (_, channels) in COLOURS.items()}


class TrainedModels:
    """The models of a folder in which the pipeline ran; each is loaded when it is first asked.

    Parameters
    ----------
    folder : Path
        The folder, which holds models/ and data/predictions/.
    recipe : Recipe
        How they were made.
    names : sequence of str
        All of them.
    """

    def __init__(self, folder: Path, recipe: Recipe, names: Sequence[str]) -> None:
        self._folder, self._recipe, self.names = folder, recipe, tuple(names)
        self._heard: WeakKeyDictionary[Inputs, Heard] = WeakKeyDictionary()

    @functools.cached_property
    def genres(self) -> list[str]:
        """The genres in the order of every softmax."""
        return list(probabilities_of(self.predictions_of(BASELINES[0])).columns)

    def predictions_of(self, name: str) -> pd.DataFrame:
        """A model's predictions of the corpus."""
        return read_predictions(self._place(table_of(name)))

    @functools.cache  # noqa: B019 - as long as the models, which live as long as the process
    def temperature(self, name: str) -> float:
        """What makes a model as sure as it may be, by its validation tracks."""
        table = self.predictions_of(name)
        return fit_temperature(table[table["split"] == "val"])

    def members(self, name: str) -> list[str]:
        """The models that an ensemble joins, or the model itself."""
        if name in ENSEMBLES:
            return [HYBRID, f"rnn-{self._recipe.rnn}"]
        return list(self._weights(name)) if name in LEARNED else [name]

    def reads(self, names: Collection[str]) -> set[str]:
        """What `genre.classification.inputs.make_inputs` is to make for some models."""
        found = (READS.get(part) or READS[part.partition("-")[0]] for part in self.parts(names))
        return set().union(*found)

    def parts(self, names: Collection[str]) -> list[str]:
        """The models that are no ensemble, of some models and of what they join."""
        return list(dict.fromkeys(part for name in names for part in self.members(name)))

    def softmax(self, names: Sequence[str], excerpts: Sequence[Inputs]) -> dict[str, np.ndarray]:
        """What models say of some excerpts.

        Parameters
        ----------
        names : sequence of str
            The models.
        excerpts : sequence of Inputs
            What they read; `reads` tells what has to be in there.

        Returns
        -------
        dict of str to np.ndarray [shape=(n, genres), dtype=float64]
            The probabilities by model, as its table of predictions has them.

        Raises
        ------
        InputError
            If a model has not been made; the message says how to.
        """
        return self.join(names, {part: self.ask(part, excerpts) for part in self.parts(names)})

    def join(self, names: Sequence[str], said: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What models say, by what all their `parts` said."""
        return {name: self._join(name, said) for name in names}

    def _join(self, name: str, said: dict[str, np.ndarray]) -> np.ndarray:
        members = self.members(name)
        if name in ENSEMBLES:
            joined = combine(*(said[member] for member in members), rule=ENSEMBLES[name])
            return joined.round(DIGITS)
        if name not in LEARNED:
            return said[name]
        weights = np.array(list(self._weights(name).values()))
        return JOINS[name](np.stack([said[member] for member in members]), weights).round(6)

    def ask(self, name: str, excerpts: Sequence[Inputs]) -> np.ndarray:
        """The probabilities that a model which is no ensemble gives."""
        model, further = self.load(name), [excerpt.whole for excerpt in excerpts]
        match name.partition("-")[0]:
            case "cnn":
                [said] = predict(model, _pictures(excerpts, model.input_shape, self._frame(name)))
            case "rnn":
                [said] = predict(model, np.stack([e.sequence for e in excerpts]))
            case "hybrid":
                shape = next(each.shape for each in model.inputs if each.name == "picture")
                pictures = _pictures(excerpts, shape, self._frame(name))
                [said] = predict(model, {"picture": pictures, "features": np.stack(further)})
            case "short":
                said = predict_tracks(model, [e.log_mel for e in excerpts], length=FRAMES)
            case "musicnn":
                whole = [embedding for embedding, _ in self._hear(excerpts)]
                if name == "musicnn-4.2":
                    whole = [np.hstack(pair) for pair in zip(whole, further, strict=True)]
                [said] = predict(model.get_layer("linear"), np.stack(whole))
            case "transformer":
                sequences = np.stack([e.sequence for e in excerpts])
                steps = np.stack([steps for _, steps in self._hear(excerpts)])
                embeddings = at_steps(steps, sequences.shape[1])
                [said] = predict(self._arranged, arrange(sequences, embeddings))
        return _as_written(said)

    def _hear(self, excerpts: Sequence[Inputs]) -> list[Heard]:
        """What the pretrained network hears; once, however many models ask."""
        patches = patches_of(self._recipe.length, sr=self._recipe.sr)
        for excerpt in excerpts:
            if excerpt not in self._heard:
                self._heard[excerpt] = hear(
                    self._network.predict_on_batch,
                    excerpt.log_mel,
                    stride=self._recipe.stride,
                    patches=patches,
                )
        return [self._heard[excerpt] for excerpt in excerpts]

    @functools.cached_property
    def _network(self) -> keras.Model:
        if self._recipe.network is None:
            raise ValueError("no model of this run listens to a pretrained network")
        return embedder(load_musicnn(self._recipe.network))

    @functools.cached_property
    def _arranged(self) -> keras.Model:
        return of_arranged(self.load("transformer-4.3"))

    def _frame(self, name: str) -> str:
        """Which pictures a CNN reads, or the hybrid's."""
        return CNNS[self._recipe.cnn if name == HYBRID else name.removeprefix("cnn-")]["frame"]

    def made_of(self, name: str) -> str:
        """All that decides what a model which is no ensemble says, but code and determinism."""
        file = self._place(f"models/{name}.keras").read_bytes()
        frame = self._frame(name) if PICTURE in self.reads([name]) else ""
        heard = (self._recipe.network, self._recipe.stride) if name in PRETRAINED else ()
        run = devices.describe()
        computed = [run[part] for part in ("device", "instructions", "keras", "backend")]
        return repr((hashlib.sha256(file).hexdigest(), frame, heard, computed))

    @functools.cache  # noqa: B019
    def load(self, name: str) -> keras.Model:
        """A model that is no ensemble, as it was saved."""
        return keras.models.load_model(self._place(f"models/{name}.keras"), safe_mode=True)

    @functools.cache  # noqa: B019
    def _weights(self, name: str) -> dict[str, float]:
        path = self._place(f"data/learned/{name}.json")
        found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _place(self, file: str | Path) -> Path:
        path = self._folder / file
        if not path.is_file():
            raise InputError(
                f"{file} is not there: make the models by dvc repro, or take those that "
                "somebody else made by dvc pull"
            )
        return path


def answer(
    item: tuple[str, str], *, models: TrainedModels, excerpts: Callable[[str], Sequence[Inputs]]
) -> np.ndarray:
    """What a model that is no ensemble says of the excerpts of a name: [name, model]."""
    name, model = item
    return models.ask(model, excerpts(name))


def _pictures(
    excerpts: Sequence[Inputs], shape: tuple[int | None, int, int, int], frame: str
) -> np.ndarray:
    """The pictures in the frame, size and colour mode of a CNN's input."""
    _, height, width, channels = shape
    cut = crop if frame == "cropped" else np.asarray
    pictures = [Image.fromarray(cut(excerpt.picture)) for excerpt in excerpts]
    size, colour = (height, width), MODES[channels]
    return np.stack([scaled_image(picture, size=size, colour=colour) for picture in pictures])


def _as_written(softmax: np.ndarray) -> np.ndarray:
    """Single precision as a table has it: the shortest decimals that tell it from others."""
    written: np.ndarray = softmax.astype(str).astype(np.float64)
    return written
