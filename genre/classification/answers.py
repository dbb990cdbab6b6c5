"""What a model says of a song, as a whole and over time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genre.classification.songs import Song
from genre.classification.trained import TrainedModels
from genre.evaluation.predictions import predicted, probabilities_of
from genre.evaluation.scores import calibration_error
from genre.evaluation.temperature import temper
from genre.models.names import title


@dataclass(frozen=True)
class Answer:
    """What a model says of a song.

    Attributes
    ----------
    model : str
        The model.
    genres : list of str
        All genres that it knows.
    over_time : np.ndarray [shape=(excerpts, genres)]
        The probabilities of each excerpt, as sure as the model may be.
    """

    model: str
    genres: list[str]
    over_time: np.ndarray

    @property
    def probabilities(self) -> np.ndarray:
        """Those of the song [shape=(genres,)]: the mean over its excerpts."""
        mean: np.ndarray = self.over_time.mean(axis=0)
        return mean

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """The genres and their probabilities, the most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(self.genres[k], float(self.probabilities[k])) for k in order]

    @property
    def moments(self) -> list[tuple[str, float]]:
        """The most probable genre of each excerpt, and its probability."""
        best = self.over_time.argmax(axis=1)
        return [
            (self.genres[k], float(row[k])) for k, row in zip(best, self.over_time, strict=True)
        ]


def trust(models: TrainedModels, name: str) -> str:
    """Say how far a model's probabilities can be trusted, by the corpus's test tracks."""
    table = models.predictions_of(name)
    test = table[table["split"] == "test"]
    temperature = models.temperature(name)
    sure = test.copy()
    sure[test.columns[2:]] = temper(probabilities_of(test).to_numpy(float), temperature)
    errors = [calibration_error(each) for each in (test, sure)]
    confidence = probabilities_of(sure).max(axis=1).mean()
    right = (predicted(test) == test["genre"]).sum()
    return (
        f"{title(name)} was right about {right} of {len(test)} test tracks of its corpus, and "
        f"{confidence:.2f} sure on average: a temperature of {temperature:.2f}, by "
        f"{(table['split'] == 'val').sum()} validation tracks, brings its calibration error from "
        f"{errors[0]:.2f} to {errors[1]:.2f}"
    )


def answers_of(models: TrainedModels, names: Sequence[str], song: Song) -> dict[str, Answer]:
    """Ask models for the genre of a song that has no fault.

    Parameters
    ----------
    models : TrainedModels
        The models.
    names : sequence of str
        Those to ask.
    song : Song
        The song, with all that they read.

    Returns
    -------
    dict of str to Answer
        By model.
    """
    said = models.softmax(names, song.excerpts)
    return {
        name: Answer(name, models.genres, temper(said[name], models.temperature(name)))
        for name in names
    }
