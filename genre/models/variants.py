"""The fourteen models of the study, by number: which architecture learns from which data."""

from dataclasses import dataclass
from typing import Literal

PICTURE_VERSIONS = ("original", "cropped", "original_aug", "cropped_aug", "cropped_aug_inj")
SEQUENCE_VERSIONS = ("raw", "scaled", "scaled_inj")


@dataclass(frozen=True)
class CnnVariant:
    """A CNN: its architecture and the picture version that it trains on."""

    architecture: Literal["naive", "improved"]
    pictures: str

    @property
    def frame(self) -> Literal["framed", "cropped"]:
        """Whether its pictures still have their white frame."""
        return "cropped" if self.pictures.startswith("cropped") else "framed"


@dataclass(frozen=True)
class RnnVariant:
    """An RNN: its architecture and the sequence version that it trains on."""

    architecture: Literal["naive", "advanced"]
    sequences: str


CNNS = {
    "0.0": CnnVariant("naive", "original"),
    "1.0": CnnVariant("improved", "original"),
    "1.1": CnnVariant("improved", "cropped"),
    "1.2": CnnVariant("improved", "cropped_aug"),
    "1.3": CnnVariant("improved", "cropped_aug_inj"),
    "1.4": CnnVariant("improved", "original_aug"),
}
RNNS = {
    "0.0": RnnVariant("naive", "raw"),
    "1.0": RnnVariant("advanced", "raw"),
    "1.1": RnnVariant("advanced", "scaled"),
    "1.2": RnnVariant("advanced", "scaled_inj"),
}
HYBRID = "hybrid-2.0"
ENSEMBLES = {"ensemble-3.1": "sum", "ensemble-3.2": "agreement", "ensemble-3.3": "product"}

MODELS = (
    *(f"cnn-{variant}" for variant in CNNS),
    *(f"rnn-{variant}" for variant in RNNS),
    HYBRID,
    *ENSEMBLES,
)
BASELINES = ("baseline-majority", "baseline-logistic", "baseline-boosting")


def training_key(variant: str) -> str:
    """The variant's key in params.yaml, where DVC allows no dot: 1.3 becomes v1_3."""
    return "v" + variant.replace(".", "_")
