"""Compare this project's results with those of another run: what differs, and by how much.

Usage: python -m tools.verify            runs the pipeline in a fresh clone, with empty caches
       python -m tools.verify OTHER      another clone's folder, or its dvc.lock
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import yaml
from PIL import Image

MOST = 5  # files of one folder that are named
ONE = "only in one of the two"
RUNTIME = ("metrics/runtime/", "metrics/costs.json")  # what describes a run, and may differ
REPORT = "plots/report.html"  # which shows it, too
RUNTIME_SECTION = re.compile(rb'<section id="runtime">.*?</section>', re.DOTALL)


def read_lock(path: Path) -> dict[str, str]:
    """The hash of every output that must be the same in every run.

    Parameters
    ----------
    path : Path
        A dvc.lock, or a folder that holds one.

    Returns
    -------
    dict of str to str
        Path of the output in the project to the hash of its content.
    """
    path = path / "dvc.lock" if path.is_dir() else path
    lock = yaml.safe_load(path.read_text(encoding="utf-8"))
    outputs = [out for stage in lock["stages"].values() for out in stage.get("outs", [])]
    return {out["path"]: out["md5"] for out in outputs if not out["path"].startswith(RUNTIME)}


def difference(first: Path, second: Path) -> str:
    """Say how two files differ that should be the same.

    Parameters
    ----------
    first, second : Path
        Two files of one name.

    Returns
    -------
    str
        The largest difference where they hold numbers; nothing if what counts is the same.
    """
    if not (first.is_file() and second.is_file()):
        return ONE
    if first.read_bytes() == second.read_bytes():
        return ""
    if first.suffix == ".html":
        pages = [RUNTIME_SECTION.sub(b"", path.read_bytes()) for path in (first, second)]
        return "" if pages[0] == pages[1] else "differs outside the run times"
    if first.suffix not in READERS:
        return "other bytes"
    ours, theirs = (READERS[first.suffix](path) for path in (first, second))
    if ours.keys() != theirs.keys() or any(ours[k].shape != theirs[k].shape for k in ours):
        return "other names or shapes"
    worst = {name: _largest(values, theirs[name]) for name, values in ours.items()}
    name = max(worst, key=lambda name: worst[name], default="")
    if not worst or worst[name] == 0:
        return "other bytes, the same values"
    return "other text" if np.isinf(worst[name]) else f"up to {worst[name]:.2g} in {name}"


def _largest(first: np.ndarray, second: np.ndarray) -> float:
    """The largest difference between arrays of one shape: infinite for text that differs."""
    same = (first == second) | ((first != first) & (second != second))
    if first.dtype.kind in "biuf" and second.dtype.kind in "biuf":
        return float(np.abs(first.astype(float) - second)[~same].max(initial=0.0))
    return 0.0 if same.all() else np.inf


def _read_csv(path: Path) -> dict[str, np.ndarray]:
    table = pd.read_csv(path, keep_default_na=False, na_values=[""])
    return {str(name): column.to_numpy() for name, column in table.items()}


def _read_json(path: Path) -> dict[str, np.ndarray]:
    flat = pd.json_normalize(json.loads(path.read_text(encoding="utf-8")))
    return {str(name): np.asarray(column.iloc[0]) for name, column in flat.items()}


def _read_picture(path: Path) -> dict[str, np.ndarray]:
    with Image.open(path) as picture:
        return {"pixels": np.array(picture)}


def _read_arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def _read_model(path: Path) -> dict[str, np.ndarray]:
    found = {}
    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as weights:
        h5py.File(weights).visititems(
            lambda name, item: found.update({name: item[()]} if hasattr(item, "shape") else {})
        )
    return found


READERS: dict[str, Callable[[Path], dict[str, np.ndarray]]] = {
    ".csv": _read_csv,
    ".json": _read_json,
    ".keras": _read_model,
    ".npz": _read_arrays,
    ".png": _read_picture,
}


def not_compared(ours: Path, theirs: Path) -> list[str]:
    """What has run times in it, and is not there on both sides to look beside them."""
    return [] if all((place / REPORT).is_file() for place in (ours, theirs)) else [REPORT]


def compare(ours: Path, theirs: Path) -> dict[str, str]:
    """Find the outputs of two runs that differ.

    Parameters
    ----------
    ours, theirs : Path
        Folders of the project, or the dvc.lock of one; theirs after a run, which ours need not
        have had.

    Returns
    -------
    dict of str to str
        The path of each file that differs, and how; of none that is `not_compared`.
    """
    locks = read_lock(ours), read_lock(theirs)
    left_out = not_compared(ours, theirs)
    found = dict.fromkeys(sorted(locks[0].keys() ^ locks[1].keys()), ONE)
    for path in sorted((locks[0].keys() & locks[1].keys()) - {*left_out}):
        places = ours / path, theirs / path
        if theirs.is_dir() and not places[1].exists():
            found[path] = "has not been made there: dvc repro or dvc pull"
            continue
        if locks[0][path] == locks[1][path]:
            continue
        if not (places[0].exists() and places[1].exists()):
            found[path] = "other hash; by how much is seen where both are"
            continue
        names = {
            file.relative_to(place)
            for place in places
            for file in (place.rglob("*") if place.is_dir() else [place])
            if not file.is_dir()
        }
        said = {
            str(Path(path) / name): how
            for name in sorted(names)
            if (how := difference(places[0] / name, places[1] / name))
        }
        for name, how in list(said.items())[:MOST]:
            found[name] = how
        if len(said) > MOST:
            found[path] = f"{len(said)} of {len(names)} files differ"
    return found


def run_afresh(folder: Path) -> Path:
    """Run the committed pipeline in a clone with empty caches, and give the clone."""
    clone = folder / "clone"
    environment = {
        # The workers of a cluster have caches and folders of their own.
        **{name: value for name, value in os.environ.items() if name != "DASK_SCHEDULER_ADDRESS"},
        "GENRE_CACHE": str(folder / "cache"),
        "DVC_SITE_CACHE_DIR": str(folder / "dvc"),
        # The user's configuration may name a cache that holds the results already.
        "DVC_GLOBAL_CONFIG_DIR": str(folder / "configuration"),
        "DVC_SYSTEM_CONFIG_DIR": str(folder / "configuration"),
    }
    subprocess.run(["git", "clone", "--quiet", ".", str(clone)], check=True)
    (clone / "dvc.lock").unlink()  # what no stage makes any more would stand in it unchanged
    # What is committed may name such a cache, too.
    own = ["dvc", "config", "--local", "cache.dir", str(clone / ".dvc/cache")]
    for command in (own, ["dvc", "repro"]):
        subprocess.run(command, cwd=clone, env=environment, check=True)
    return clone


def committed(folder: Path) -> Path:
    """What is committed, in a clone; this folder, if it has a run that came to the same."""
    subprocess.run(["git", "clone", "--quiet", ".", str(folder)], check=True)
    return folder if compare(folder, Path()) else Path()


def main() -> None:
    """Print what differs; the exit status is 1 if anything does."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path, nargs="?", help="a clone's folder, or its dvc.lock")
    other = parser.parse_args().other
    with tempfile.TemporaryDirectory() as scratch:
        try:
            # Ours may be of another run: what is committed is what others are to find.
            ours = Path() if other else committed(Path(scratch) / "committed")
            theirs = other or run_afresh(Path(scratch))
            found, left_out = compare(ours, theirs), not_compared(ours, theirs)
            count = len(read_lock(ours).keys() - left_out)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.exit(f"ERROR: {error}")
    for path in left_out:
        print(f"{path}: not compared, since it has run times in it and is not here: dvc pull")
    for path, said in found.items():
        print(f"{path}: {said}")
    if found:
        sys.exit(f"{len(found)} files differ")
    print(f"all {count} outputs are the same")


if __name__ == "__main__":
    main()
