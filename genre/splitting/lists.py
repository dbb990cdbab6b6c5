"""Lists of the tracks of each split, as people keep them."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from genre.errors import InputError
from genre.splitting.splits import SPLITS

# What people call the list of a side; as a file it ends in `.txt` or `_filtered.txt`.
SIDES = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
FAULT_FILTERED = Path(__file__).parent / "gtzan/fault_filtered.csv"


def read_lists(path: Path) -> dict[str, list[str]]:
    """Read a split that somebody else has made.

    Parameters
    ----------
    path : Path
        A JSON file with the lists "train", "val" and "test", or a folder with `train.txt`,
        `val.txt` and `test.txt`, a track a line; what stands behind a tab, blank lines and lines
        that begin with "# " or "##" are no tracks. `SIDES` has other names of lists. There
        may be no list for validation. Tracks may be named as files.

    Returns
    -------
    dict
        The names of the tracks of "train", "test" and, if there is such a list, "val", as they
        stand there.

    Raises
    ------
    InputError
        If the lists are missing or of another form, or if a side has two.
    """
    there: Iterable[tuple[str, object]]
    if path.is_dir():
        files = sorted(path.glob("*.txt"))
        there = [(file.stem.removesuffix("_filtered"), file) for file in files]
    else:
        content = _read_json(path)
        if not isinstance(content, dict):
            raise InputError(f"split.path: {path} must hold the lists train, val and test")
        there = content.items()
    lists: dict[str, list[str]] = {}
    for name, item in there:
        side = SIDES.get(name)
        if side in lists:
            raise InputError(f"split.path: {path} has two {side} lists: keep one of them")
        if side:
            lists[side] = _read_list(item, path)
        elif isinstance(item, list):
            raise InputError(f"split.path: {path}: {name!r} is no list of train, val or test")
    missing = [side for side in ("train", "test") if side not in lists]
    if missing:
        raise InputError(
            f"split.path: {path} has no {' and no '.join(missing)} list; name a folder with "
            "train.txt, test.txt and perhaps val.txt, or a JSON file with these lists"
        )
    return lists


def filtered_lists() -> dict[str, list[str]]:
    """The fault-filtered split of GTZAN, of which gtzan/README.md names the source.

    Returns
    -------
    dict
        The tracks of "train", "val" and "test": 443, 197 and 290.
    """
    sides = pd.read_csv(FAULT_FILTERED, index_col="track")["split"]
    return {name: list(sides.index[sides == name]) for name in SPLITS}


def dataset_lists(folder: Path) -> dict[str, list[str]]:
    """Read the split that comes with GTZAN 2.0.

    Parameters
    ----------
    folder : Path
        Where `indices_train.json`, `indices_val.json` and `indices_test.json` are, or a folder
        around it: lists of pairs of a row number and the path of a picture.

    Returns
    -------
    dict
        The names of the tracks of "train", "val" and "test", as they stand there.

    Raises
    ------
    InputError
        If the corpus has no such files, or if they are of another form.
    """
    lists = {}
    for name in SPLITS:
        file = f"indices_{name}.json"
        path = next(iter(sorted(folder.rglob(file))), None)
        if path is None:
            raise InputError(
                f"split.scheme: dataset: the corpus has no {file} (in {folder}), as gtzan2 has: "
                "choose another scheme"
            )
        pairs = _read_json(path)
        if not isinstance(pairs, list) or not all(
            isinstance(pair, list) and len(pair) == 2 for pair in pairs
        ):
            raise InputError(f"{path}: must hold pairs of a row number and a picture's path")
        lists[name] = _tracks([picture for _, picture in pairs], path)
    return lists


def _read_list(item: object, path: Path) -> list[str]:
    """The tracks of one list: of a text file, or as a JSON file has them."""
    if not isinstance(item, Path):
        return _tracks(item, path)
    try:
        lines = item.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{item}: cannot be read: {error}; save it as UTF-8 text") from error
    lines = [line for line in lines if not re.fullmatch(r"\s*(#[#\s].*|#?)", line)]
    return _tracks([line.strip().partition("\t")[0] for line in lines], item)


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as JSON: {error}") from error


def _tracks(names: object, path: Path) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"{path}: must list the names of tracks")
    return [name.strip() for name in names]
