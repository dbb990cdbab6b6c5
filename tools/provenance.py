"""Where the models of this folder come from: the parameters they were made with, and the best."""

import json
from pathlib import Path

import yaml

from genre.errors import InputError
from genre.params import Params

# What is made of sound, and which models the others read. What is behind them in training does not
# matter to a model that is there.
DECIDE = (
    "data.duration", "data.segment", "data.sr", "spectrogram", "patches", "musicnn", "beyond",
    "model.variant", "rnn.variant",
)  # fmt: skip


# Stages that every run has, and that read these. Of one that a run leaves out, dvc.lock may still
# have what it read once.
STAGES = ("spectrograms", "features", "log_mels", "train_hybrid", "ensembles", "robustness")


def check_unchanged(params: Params, lock: Path = Path("dvc.lock")) -> None:
    """Stop if params.yaml says something else than what the models were made with.

    Raises
    ------
    InputError
        If so, or if nothing was made yet; the message names the parameter.
    """
    if not lock.is_file():
        raise InputError("there are no models: make them by dvc repro")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stages = yaml.load(lock.read_text(encoding="utf-8"), loader)["stages"]  # noqa: S506
    now = params.model_dump(mode="json")
    for stage in (stages[name] for name in STAGES if name in stages):
        for name, was in stage.get("params", {}).get("params.yaml", {}).items():
            if name.startswith(DECIDE) and _as_text(_at(now, name)) != _as_text(was):
                raise InputError(
                    f"{name} is another in params.yaml than when the models were made: run dvc "
                    "repro, or put it back"
                )


def best_model(summary: Path = Path("metrics/summary.json")) -> str:
    """The model that is the best by validation tracks.

    Raises
    ------
    InputError
        If nothing was evaluated yet.
    """
    if not summary.is_file():
        raise InputError(f"{summary} is not there: make it by dvc repro, or name a --model")
    found: str = json.loads(summary.read_text(encoding="utf-8"))["best"]["model"]
    return found


def _at(values: object, name: str) -> object:
    for part in name.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    return values


def _as_text(value: object) -> object:
    """Numbers and names alike: `1.4` in YAML is a number, and here a name."""
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    try:
        return float(str(value))
    except ValueError:
        return value
