"""The parameters of models beyond the study, typed and checked as those in params.yaml are."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from genre.models.names import BEYOND
from genre.values import Group, Names, Positives, Share, Training, some_of


class Beyond(Group):
    networks: Annotated[list[Literal["MSD_musicnn", "MTT_musicnn"]], Field(max_length=1)]
    short_chunk: Annotated[Names, AfterValidator(some_of(BEYOND["short_chunk"]))]
    linear: Annotated[Names, AfterValidator(some_of(BEYOND["linear"]))]
    transformer: Annotated[Names, AfterValidator(some_of(BEYOND["transformer"]))]
    learned: Annotated[Names, AfterValidator(some_of(BEYOND["learned"]))]

    @model_validator(mode="after")
    def _heard(self) -> "Beyond":
        if (self.linear or self.transformer) and not self.networks:
            raise ValueError("linear and transformer read the embeddings of one of networks")
        return self

    def chosen(self) -> dict[str, list[str]]:
        """The numbers of the models that each stage is to make."""
        return self.model_dump(exclude={"networks"})


class Altered(Group):
    copies: Annotated[int, Field(ge=0, le=100)]
    level: Annotated[float, Field(ge=0.0, le=60.0)]
    band_limit: Annotated[float, Field(ge=1000.0, le=48_000.0)]


class Patches(Group):
    loudness: Annotated[float, Field(ge=-60.0, le=0.0)] | None


class Musicnn(Group):
    stride: Annotated[int, Field(ge=1, le=100)]


class ShortChunk(Group):
    widths: Annotated[list[Annotated[int, Field(ge=1, le=4096)]], Field(min_length=1, max_length=7)]
    dropout: Share
    draws: Annotated[int, Field(ge=1, le=1000)]
    level: Annotated[float, Field(ge=0.0, le=60.0)]
    time_mask: Annotated[int, Field(ge=0, le=187)]
    frequency_mask: Annotated[int, Field(ge=0, le=96)]
    training: Training


class Transformer(Group):
    width: Annotated[int, Field(ge=1, le=4096)]
    blocks: Annotated[int, Field(ge=0, le=100)]
    heads: Annotated[int, Field(ge=1, le=64)]
    dropout: Share
    without: Share
    training: Training

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> "Transformer":
        if self.width % self.heads:
            raise ValueError("width must be a multiple of heads")
        return self


class Learned(Group):
    picks: Annotated[int, Field(ge=1, le=1000)]
    bag: Annotated[int, Field(ge=1, le=100)]
    penalties: Positives


class Linear(Group):
    strengths: Positives
