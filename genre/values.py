"""What the value of a parameter may be: types that several groups of parameters share."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationInfo,
    field_validator,
)

Share = Annotated[float, Field(gt=0.0, lt=1.0)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Positives = Annotated[list[Annotated[float, Field(gt=0.0)]], Field(min_length=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Side = Annotated[int, Field(ge=16, le=2048)]  # px; the CNNs leave nothing of less


def _place(path: Path) -> Path:
    if str(path) == "." or "\0" in str(path):
        raise ValueError("should name a file or a folder")
    return path


Column = Annotated[str, Field(min_length=1)]
Names = list[Annotated[str, BeforeValidator(str)]]  # YAML takes 4.1 for a number
Place = Annotated[Path, AfterValidator(_place)]


def one_of(variants: Mapping[str, object]) -> Callable[[str], str]:
    """Give a check that lets these names pass.

    They are to be as dvc.yaml writes them into the names of files, `cnn-1.3.keras`.
    """

    def check(variant: str) -> str:
        if variant in variants:
            return variant
        for name in variants:
            if _number(name) == _number(variant):
                raise ValueError(f"should be written {name}: files are named as it is written")
        *others, last = map(repr, variants)
        raise ValueError(f"should be {', '.join(others)} or {last}")

    return check


def some_of(variants: Mapping[str, object]) -> Callable[[list[str]], list[str]]:
    """Give a check that lets lists of these names pass, each at most once."""
    check = one_of(variants)

    def check_all(chosen: list[str]) -> list[str]:
        if len(set(map(check, chosen))) < len(chosen):
            raise ValueError("names one twice")
        return chosen

    return check_all


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


class Group(BaseModel):
    """Parameters that belong together; an unknown or a missing one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        field = cls.model_fields[str(info.field_name)]
        if isinstance(value, bool) and field.annotation is not bool:
            raise ValueError("should be no boolean")
        return value


class Training(Group):
    """How a network is trained."""

    learning_rate: Annotated[float, Field(gt=0.0, le=1.0)]
    schedule: Literal["constant", "cosine"]
    batch_size: Annotated[int, Field(ge=1, le=65_536)]
    epochs: Annotated[int, Field(ge=1, le=100_000)]
    patience: PositiveInt | None


Trainings = dict[str, Training]  # by name, as genre/models/variants.yaml has them


def all_of(expected: list[str]) -> Callable[[Trainings], Trainings]:
    """Give a check that lets settings by these names pass, and no others."""

    def check(trainings: Trainings) -> Trainings:
        if sorted(trainings) != expected:
            raise ValueError(f"must hold {', '.join(expected)}")
        return trainings

    return check
