"""The fourteen models of the study, by name; variants.yaml says what each CNN and RNN is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from genre.models.names import BEYOND, ENSEMBLES, HYBRID

_VARIANTS: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
)
CNNS, RNNS = _VARIANTS["cnns"], _VARIANTS["rnns"]
MODELS = (
    *(f"cnn-{variant}" for variant in CNNS),
    *(f"rnn-{variant}" for variant in RNNS),
    HYBRID,
    *ENSEMBLES,
)
LEARNED = tuple(BEYOND["learned"].values())


def models_of(beyond: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """All models of a run: those of the study, and those beyond it that a run has.

    Parameters
    ----------
    beyond : mapping of str to sequence of str
        The numbers of the models that each stage makes, as BEYOND has them.
    """
    further = (BEYOND[stage][number] for stage, numbers in beyond.items() for number in numbers)
    return (*MODELS, *further)


def table_of(model: str) -> Path:
    """The file of a model's predictions."""
    return Path("data/learned" if model in LEARNED else "data/predictions") / f"{model}.csv"


def trainings_of(variants: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The names in params.yaml of the training settings that some variants have."""
    return sorted({variant["training"] for variant in variants.values()})
