"""The split: who is in train, val and test, for every model."""

import json
from pathlib import Path

import pandas as pd

SPLITS = ("train", "val", "test")


def write_split(split: dict[str, list[str]], path: Path, *, scheme: str, seed: int) -> None:
    """Write a split as JSON: its scheme, its seed, and the tracks."""
    path.write_text(
        json.dumps({"scheme": scheme, "seed": seed, **split}, indent=1) + "\n",
        encoding="utf-8",
        newline="\n",
    )


def read_split(path: Path) -> pd.Series:
    """Read a split.

    Returns
    -------
    pd.Series [index: track]
        "train", "val" or "test" for each track that is in one.
    """
    split = json.loads(path.read_text(encoding="utf-8"))
    return pd.Series({track: name for name in SPLITS for track in split[name]}, name="split")
