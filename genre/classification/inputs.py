"""From the samples of an excerpt to what models read of it, made just as the stages make it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from genre.corpus.excerpts import excerpt_length
from genre.features import log_mels
from genre.features.definition import FEATURES
from genre.features.extraction import extract, extract_segments
from genre.features.segments import steps_of
from genre.features.sequences import fill
from genre.pictures import spectrograms

PICTURE, SEQUENCE, WHOLE, LOG_MEL = "picture", "sequence", "whole", "log_mel"


@dataclass(frozen=True)
class Recipe:
    """How the models of a run were made, as far as it matters to who asks them.

    Attributes
    ----------
    sr : int
        Sample rate of excerpts in Hz.
    duration, segment : float
        Length of an excerpt, and of its segments, in seconds.
    loudness : float or None
        What log-mel spectrograms are made at, see `genre.features.patches.log_mel`.
    spectrogram : mapping
        Further arguments of `genre.pictures.spectrograms.render`; what follows is for models.
    network : {"MSD_musicnn", "MTT_musicnn"}, optional
        The pretrained network.
    stride : int
        It hears one of so many patches.
    cnn, rnn : str
        The variants that the hybrid and the study's ensembles read.
    """

    sr: int
    duration: float
    segment: float
    loudness: float | None
    spectrogram: Mapping[str, Any] = field(default_factory=dict)
    network: Literal["MSD_musicnn", "MTT_musicnn"] | None = None
    stride: int = 1
    cnn: str = ""
    rnn: str = ""

    @property
    def length(self) -> int:
        """Length of an excerpt in samples."""
        return excerpt_length(self.duration, self.sr)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What models read of one excerpt; what no model asked for is empty.

    Attributes
    ----------
    picture : np.ndarray [shape=(288, 432, 3), dtype=uint8]
        Its mel spectrogram in the white frame.
    sequence : np.ndarray [shape=(steps, 57), dtype=float32]
        Raw features of its segments.
    whole : np.ndarray [shape=(57,), dtype=float32]
        Raw features of all of it.
    log_mel : np.ndarray [shape=(frames, 96), dtype=float16]
        Its log-mel spectrogram, at the loudness that models were trained at.
    """

    picture: np.ndarray
    sequence: np.ndarray
    whole: np.ndarray
    log_mel: np.ndarray


def make_inputs(samples: np.ndarray, recipe: Recipe, wanted: Collection[str]) -> Inputs:
    """Make what models read of an excerpt.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono audio at the recipe's sample rate, of at least a segment.
    recipe : Recipe
        How the models were made.
    wanted : collection of {"picture", "sequence", "whole", "log_mel"}
        What to make.
    """
    sr, segment = recipe.sr, recipe.segment
    picture = sequence = whole = log_mel = np.empty(0)
    if PICTURE in wanted:
        settings = recipe.spectrogram
        picture = spectrograms.render(samples, sr=sr, length=recipe.length, **settings)
    if SEQUENCE in wanted:
        steps = steps_of(recipe.duration, segment)
        gaps = np.full((1, steps, len(FEATURES)), np.nan)
        found = extract_segments(samples, sr=sr, segment=segment, steps=steps)
        gaps[0, : len(found)] = [features for _, features in found]
        sequence = fill(gaps)[0]
    if WHOLE in wanted:
        whole = extract(samples, sr=sr).astype(np.float32)
    if LOG_MEL in wanted:
        log_mel = log_mels.make(samples, sr=sr, loudness=recipe.loudness)
    return Inputs(picture, sequence, whole, log_mel)
