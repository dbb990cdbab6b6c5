"""The parameters of params.yaml, typed and checked.

No parameter has a default here: params.yaml holds every value, so that DVC sees every change.
"""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from genre.errors import InputError
from genre.evaluation.transformations import TRANSFORMATIONS
from genre.features.definition import N_FFT
from genre.features.segments import segment_hop
from genre.models.beyond.settings import (
    Altered,
    Beyond,
    Learned,
    Linear,
    Musicnn,
    Patches,
    ShortChunk,
    Transformer,
)
from genre.models.variants import CNNS, RNNS, trainings_of
from genre.values import (
    Column,
    Group,
    Names,
    Place,
    Positives,
    Probability,
    Seed,
    Share,
    Side,
    Training,
    Trainings,
    all_of,
    one_of,
    some_of,
)


class Demo(Group):
    tracks_per_genre: Annotated[int, Field(ge=5, le=10_000)]
    borrow: Probability


class Archive(Group):
    address: str | None
    sha256: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")] | None
    unpacked_limit: Annotated[float, Field(gt=0.0, le=10_000.0)]


class Table(Group):
    path: Place
    file: Column
    genre: Column
    group: Column | None


class Data(Group):
    source: Literal["demo", "folder", "table", "gtzan", "gtzan2", "url"]
    path: Place
    table: Table
    url: Archive
    sr: Annotated[int, Field(ge=8000, le=96000)]
    duration: Annotated[float, Field(ge=3.0, le=600.0)]
    segment: Annotated[float, Field(gt=0.0, le=600.0)]
    min_usable: Annotated[float, Field(ge=0.0, le=1.0)]
    demo: Demo

    @model_validator(mode="after")
    def _long_enough(self) -> "Data":
        if segment_hop(self.segment, self.sr) <= N_FFT:
            raise ValueError(f"segment x sr must be more than {N_FFT} samples")
        if self.duration < self.segment:
            raise ValueError("duration must be at least segment")
        if self.source == "url" and not (self.url.address and self.url.sha256):
            raise ValueError("source url needs url.address and url.sha256")
        return self


class Split(Group):
    scheme: Literal["stratified", "grouped", "kfold", "fault-filtered", "dataset", "file"]
    test: Share
    val: Share
    groups: Place
    folds: Annotated[int, Field(ge=2, le=100)]
    fold: Annotated[int, Field(ge=0)]
    path: Place

    @model_validator(mode="after")
    def _fold_exists(self) -> "Split":
        if self.fold >= self.folds:
            raise ValueError(f"fold must be from 0 to {self.folds - 1}, one of {self.folds} folds")
        return self


class Spectrogram(Group):
    source: Literal["render", "dataset"]
    n_fft: Annotated[int, Field(ge=64, le=65_536)]
    hop_length: Annotated[int, Field(ge=1, le=65_536)]
    n_mels: Annotated[int, Field(ge=8, le=512)]
    top_db: Annotated[float, Field(gt=0.0, le=200.0)]
    colour_map: Literal["magma", "inferno", "plasma", "viridis", "cividis", "gray"]


class Augmentation(Group):
    copies: Annotated[int, Field(ge=1, le=100)]
    frequency_mask: Annotated[int, Field(ge=0)]
    time_mask: Annotated[int, Field(ge=0)]
    mask_probability: Probability
    reverse_probability: Probability


class Noise(Group):
    salt_pepper: Probability
    gaussian: Annotated[float, Field(ge=0.0, le=1.0)]
    poisson: Annotated[float, Field(gt=0.0, le=10_000.0)]  # above, rounding hides it


class Features(Group):
    source: Literal["compute", "dataset"]


class Sequences(Group):
    noise_low: Annotated[float, Field(ge=0.0, le=100.0)]
    noise_high: Annotated[float, Field(ge=0.0, le=100.0)]

    @model_validator(mode="after")
    def _ordered(self) -> "Sequences":
        if self.noise_high < self.noise_low:
            raise ValueError("noise_high must not be below noise_low")
        return self


class PictureSize(Group):
    framed: tuple[Side, Side]
    cropped: tuple[Side, Side]


class Cnn(Group):
    size: PictureSize
    colour: Literal["grey", "rgb", "rgba"]
    training: Annotated[Trainings, AfterValidator(all_of(trainings_of(CNNS)))]


class ModelChoice(Group):
    variant: Annotated[str, BeforeValidator(str), AfterValidator(one_of(CNNS))]


class Rnn(Group):
    variant: Annotated[str, BeforeValidator(str), AfterValidator(one_of(RNNS))]
    training: Annotated[Trainings, AfterValidator(all_of(trainings_of(RNNS)))]


class Svm(Group):
    strengths: Positives
    widths: Positives


class Train(Group):
    seed: Seed
    backend: Literal["tensorflow", "jax"]
    deterministic: StrictBool
    backup: StrictBool


class Robustness(Group):
    transformations: Annotated[Names, AfterValidator(some_of(TRANSFORMATIONS))]


class Params(Group):
    """All of params.yaml, group by group; params.yaml explains each parameter."""

    seed: Seed
    data: Data
    split: Split
    spectrogram: Spectrogram
    augmentation: Augmentation
    noise: Noise
    features: Features
    sequences: Sequences
    train: Train
    cnn: Cnn
    model: ModelChoice
    rnn: Rnn
    hybrid: Training
    svm: Svm
    beyond: Beyond
    altered: Altered
    patches: Patches
    musicnn: Musicnn
    short_chunk: ShortChunk
    linear: Linear
    transformer: Transformer
    learned: Learned
    robustness: Robustness

    @model_validator(mode="after")
    def _dataset_has_it(self) -> "Params":
        wanted = (self.spectrogram.source, self.features.source)
        if self.data.source == "gtzan2" and wanted != ("dataset", "dataset"):
            raise ValueError(
                "data.source gtzan2 holds no audio: set spectrogram.source and features.source "
                "to dataset"
            )
        if self.data.source == "gtzan2" and (self.beyond.networks or self.beyond.short_chunk):
            raise ValueError(
                "data.source gtzan2 holds no audio, which models beyond the study are made from: "
                "set beyond.networks, short_chunk, linear and transformer to []"
            )
        if self.data.source == "table" and self.spectrogram.source == "dataset":
            raise ValueError(
                "data.source table lists audio alone: set spectrogram.source to render"
            )
        return self

    @model_validator(mode="after")
    def _corpus_has_the_lists(self) -> "Params":
        scheme, source = self.split.scheme, self.data.source
        if source in {"fault-filtered": ["demo"], "dataset": ["demo", "gtzan"]}.get(scheme, []):
            raise ValueError(
                f"split.scheme {scheme} needs lists of the corpus's own tracks, and there are none "
                f"for data.source {source}: choose another scheme or another source"
            )
        return self


def load_params(path: Path = Path("params.yaml")) -> Params:
    """Read and check the parameters.

    Parameters
    ----------
    path : Path
        A YAML file.

    Returns
    -------
    Params
        The parameters.

    Raises
    ------
    InputError
        If the file is missing or not YAML, or if a parameter is unknown, missing, of a wrong
        type or out of range. The message names each, and what is allowed.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); copy a file of presets/ over it"
        ) from error
    # A date that does not exist is a ValueError, and so is what is not UTF-8.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid YAML: {error}") from error
    try:
        return Params.model_validate(values)
    except ValidationError as error:
        raise InputError(
            "\n".join(_sentence(path, problem) for problem in error.errors())
        ) from None


def _sentence(path: Path, problem: ErrorDetails) -> str:
    """One problem of validation in words: where, what is allowed, and what was found."""
    where = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    if problem["type"] == "value_error" and not problem["loc"]:  # of several parameters together
        return f"{path}: {problem['msg'].removeprefix('Value error, ')}"
    if problem["type"] == "extra_forbidden":
        return f"{path}: {where}: there is no such parameter"
    if problem["type"] == "missing":
        return f"{path}: {where}: is missing; presets/ holds complete files"
    allowed = problem["msg"].removeprefix("Value error, ").replace("Input should", "should")
    return f"{path}: {where}: {allowed}; it is {problem['input']!r}"
