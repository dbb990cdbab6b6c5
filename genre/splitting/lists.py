"""Lists of the tracks of each split, as people keep them."""

import contextlib
import json
from pathlib import Path

from genre.corpus.remote import fetch
from genre.errors import InputError
from genre.splitting.splits import SPLITS

TEXT_NAMES = {"train": ("train.txt",), "val": ("val.txt", "valid.txt"), "test": ("test.txt",)}
FILTERED_NAMES = {
    "train": "train_filtered.txt",
    "val": "valid_filtered.txt",
    "test": "test_filtered.txt",
}
# C. Kereliuk, B. L. Sturm and J. Larsen, "Deep learning and music adversaries", IEEE Transactions
# on Multimedia 17(11), 2015; the lists are in their repository. A commit cannot change; the branch
# is for the day when it is not to be had any more.
FILTERED_ADDRESSES = (
    "https://raw.githubusercontent.com/coreyker/dnn-mgr/05f95ff5404d6c3e6f0594d0ffd2711e8a790dcc/gtzan/",
    "https://raw.githubusercontent.com/coreyker/dnn-mgr/master/gtzan/",
)
FILTERED_SHA256 = {
    "train_filtered.txt": "2b04966cef1486f1a7767b74271533fa23e220388db804a1937835e1fc4fa3fa",
    "valid_filtered.txt": "f8fbee7c52397a0e0f3a91dc54fedecb2e27f5bdc9a9daeab8cb10d077e26956",
    "test_filtered.txt": "09cafa6a89ce0a27f30ed250d56ecb4d03c22fffb5a693f96c7ae655ee02ac72",
}


def read_lists(path: Path) -> dict[str, list[str]]:
    """Read a split that somebody else has made.

    Parameters
    ----------
    path : Path
        A JSON file with the lists "train", "val" and "test", or a folder with `train.txt`,
        `val.txt` (or `valid.txt`) and `test.txt`, a track a line. Tracks may be named as files.

    Returns
    -------
    dict
        The names of the tracks of "train", "val" and "test", as they stand there.

    Raises
    ------
    InputError
        If the lists are missing or of another form.
    """
    if path.is_dir():
        there = {
            name: [path / file for file in files if (path / file).is_file()]
            for name, files in TEXT_NAMES.items()
        }
        missing = [TEXT_NAMES[name][0] for name, files in there.items() if not files]
        if missing:
            raise InputError(
                f"split.path: {path} has no {' and no '.join(missing)}; name a folder with "
                "train.txt, val.txt and test.txt, or a JSON file with these three lists"
            )
        return {name: _read_text(files[0]) for name, files in there.items()}
    lists = _read_json(path)
    if not isinstance(lists, dict) or not set(SPLITS) <= set(lists):
        raise InputError(f"split.path: {path} must hold the lists train, val and test")
    return {name: _tracks(lists[name], path) for name in SPLITS}


def filtered_lists(path: Path) -> dict[str, list[str]]:
    """Read the fault-filtered split of Kereliuk, Sturm and Larsen (2015).

    Parameters
    ----------
    path : Path
        A folder; where it has the lists `train_filtered.txt`, `valid_filtered.txt` and
        `test_filtered.txt` they are read, else they are fetched from the authors' repository.

    Returns
    -------
    dict
        The names of the tracks of "train", "val" and "test": 443, 197 and 290.

    Raises
    ------
    InputError
        If the lists can be neither read nor fetched.
    """
    files = {name: path / file for name, file in FILTERED_NAMES.items()}
    if not all(file.is_file() for file in files.values()):
        files = {name: _fetch_filtered(file) for name, file in FILTERED_NAMES.items()}
    return {name: _read_text(file) for name, file in files.items()}


def dataset_lists(folder: Path) -> dict[str, list[str]]:
    """Read the split that comes with GTZAN 2.0.

    Parameters
    ----------
    folder : Path
        Where `indices_train.json`, `indices_val.json` and `indices_test.json` are: lists of
        pairs of a row number and the path of a picture.

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
        path = folder / f"indices_{name}.json"
        if not path.is_file():
            raise InputError(
                f"split.scheme: dataset: the corpus has no {path.name}; only gtzan2 has"
            )
        pairs = _read_json(path)
        if not isinstance(pairs, list) or not all(
            isinstance(pair, list) and len(pair) == 2 for pair in pairs
        ):
            raise InputError(f"{path}: must hold pairs of a row number and a picture's path")
        lists[name] = _tracks([picture for _, picture in pairs], path)
    return lists


def _fetch_filtered(file: str) -> Path:
    *others, last = (address + file for address in FILTERED_ADDRESSES)
    for address in others:
        with contextlib.suppress(InputError):
            return fetch(address, sha256=FILTERED_SHA256[file])
    return fetch(last, sha256=FILTERED_SHA256[file])


def _read_text(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    return _tracks([line for line in lines if line.strip()], path)


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as JSON: {error}") from error


def _tracks(names: object, path: Path) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"{path}: must list the names of tracks")
    return [name.strip() for name in names]
