"""The models that `dvc repro` trained, and what each says of an excerpt."""

import functools
import json
from collections.abc import Collection, Sequence
from pathlib import Path

from genre.training import devices

import keras
import numpy as np
import pandas as pd
from PIL import Image

from genre.classification.inputs import LOG_MEL, PICTURE, SEQUENCE, WHOLE, Inputs
from genre.corpus.excerpts import excerpt_length
from genre.errors import InputError
from genre.evaluation.predictions import probabilities_of, read_predictions
from genre.evaluation.temperature import fit_temperature
from genre.features.patches import FRAMES, patches_of
from genre.models.beyond.musicnn import embedder, hear, load_musicnn
from genre.models.beyond.transformer import arrange, at_steps, of_arranged
from genre.models.beyond.weighting import JOINS
from genre.models.ensembles import combine
from genre.models.names import BASELINES, BEYOND, ENSEMBLES, HYBRID, PRETRAINED
from genre.models.variants import CNNS, models_of
from genre.params import Params
from genre.pictures.frame import crop
from genre.pictures.inputs import COLOURS, scaled_image
from genre.training.chunks import predict_tracks
from genre.training.fitting import predict

Heard = tuple[np.ndarray, np.ndarray]  # what `hear` gives

LEARNED = tuple(BEYOND["learned"].values())
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
    params : Params
        The parameters that they were made with.

    Attributes
    ----------
    names : tuple of str
        All models of the run, in the report's order; those that are not there yet are an error
        when they are asked.
    """

    def __init__(self, folder: Path, params: Params) -> None:
        self._folder, self._params = folder, params
        self.names = models_of(params.beyond.chosen())
        devices.prepare(
            params.train.seed,
            backend=params.train.backend,
            deterministic=params.train.deterministic,
            one_core=False,
        )

    @functools.cached_property
    def genres(self) -> list[str]:
        """The genres in the order of every softmax."""
        table = read_predictions(self._place("data/predictions", f"{BASELINES[0]}.csv"))
        return list(probabilities_of(table).columns)

    def predictions_of(self, name: str) -> pd.DataFrame:
        """A model's predictions of the corpus."""
        folder = "data/learned" if name in LEARNED else "data/predictions"
        return read_predictions(self._place(folder, f"{name}.csv"))

    @functools.cache  # noqa: B019 - as long as the models, which live as long as the process
    def temperature(self, name: str) -> float:
        """What makes a model as sure as it may be, by its validation tracks."""
        table = self.predictions_of(name)
        return fit_temperature(table[table["split"] == "val"])

    def members(self, name: str) -> list[str]:
        """The models that an ensemble joins, or the model itself."""
        if name in ENSEMBLES:
            return [HYBRID, f"rnn-{self._params.rnn.variant}"]
        return list(self._weights(name)) if name in LEARNED else [name]

    def reads(self, names: Collection[str]) -> set[str]:
        """What `genre.classification.inputs.make_inputs` is to make for some models."""
        parts = {part for name in names for part in self.members(name)}
        return set().union(*(READS.get(part) or READS[part.partition("-")[0]] for part in parts))

    def softmax(self, names: Sequence[str], excerpts: Sequence[Inputs]) -> dict[str, np.ndarray]:
        """What models say of some excerpts.

        Parameters
        ----------
        names : sequence of str
            The models, of `names`.
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
        parts = dict.fromkeys(part for name in names for part in self.members(name))
        listens = any(part in PRETRAINED for part in parts)
        heard = [self._hear(excerpt) for excerpt in excerpts] if listens else []
        said = {part: _as_written(self._one(part, excerpts, heard)) for part in parts}
        return {name: self._join(name, said) for name in names}

    def _join(self, name: str, said: dict[str, np.ndarray]) -> np.ndarray:
        members = self.members(name)
        if name in ENSEMBLES:
            return combine(*(said[member] for member in members), rule=ENSEMBLES[name])
        if name not in LEARNED:
            return said[name]
        weights = np.array(list(self._weights(name).values()))
        return JOINS[name](np.stack([said[member] for member in members]), weights).round(6)

    def _one(self, name: str, excerpts: Sequence[Inputs], heard: Sequence[Heard]) -> np.ndarray:
        """The softmax of a model that is no ensemble."""
        model, further = self.load(name), [excerpt.whole for excerpt in excerpts]
        match name.partition("-")[0]:
            case "cnn":
                frame = CNNS[name.removeprefix("cnn-")]["frame"]
                [said] = predict(model, _pictures(excerpts, model.input_shape, frame))
            case "rnn":
                [said] = predict(model, np.stack([e.sequence for e in excerpts]))
            case "hybrid":
                frame = CNNS[self._params.model.variant]["frame"]
                pictures = _pictures(excerpts, model.input_shape["picture"], frame)
                [said] = predict(model, {"picture": pictures, "features": np.stack(further)})
            case "short":
                said = predict_tracks(model, [e.log_mel for e in excerpts], length=FRAMES)
            case "musicnn":
                whole = [embedding for embedding, _ in heard]
                if name == "musicnn-4.2":
                    whole = [np.hstack(pair) for pair in zip(whole, further, strict=True)]
                [said] = predict(model.get_layer("linear"), np.stack(whole))
            case "transformer":
                sequences = np.stack([e.sequence for e in excerpts])
                embeddings = at_steps(np.stack([steps for _, steps in heard]), sequences.shape[1])
                [said] = predict(self._arranged, arrange(sequences, embeddings))
        return said

    def _hear(self, excerpt: Inputs) -> Heard:
        length = excerpt_length(self._params.data.duration, self._params.data.sr)
        patches = patches_of(length, sr=self._params.data.sr)
        stride = self._params.musicnn.stride
        return hear(self._network, excerpt.log_mel, stride=stride, patches=patches)

    @functools.cached_property
    def _network(self) -> keras.Model:
        return embedder(load_musicnn(next(iter(self._params.beyond.networks))))

    @functools.cached_property
    def _arranged(self) -> keras.Model:
        return of_arranged(self.load("transformer-4.3"))

    @functools.cache  # noqa: B019
    def load(self, name: str) -> keras.Model:
        """A model that is no ensemble, as it was saved."""
        return keras.models.load_model(self._place("models", f"{name}.keras"), safe_mode=True)

    @functools.cache  # noqa: B019
    def _weights(self, name: str) -> dict[str, float]:
        path = self._place("data/learned", f"{name}.json")
        found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _place(self, folder: str, file: str) -> Path:
        path = self._folder / folder / file
        if not path.is_file():
            raise InputError(
                f"{folder}/{file} is not there: make the models by dvc repro, or take those that "
                "somebody else made by dvc pull"
            )
        return path


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
