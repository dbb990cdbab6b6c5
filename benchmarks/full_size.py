"""Run a corpus of GTZAN's size through the pipeline; print each stage's time and peak memory.

Usage: python -m benchmarks.full_size [--tracks 100 1000]

Makes tracks of 30 s, runs every stage on the smaller and on the larger number of them (trainings
for a few epochs, on small pictures), then adds ten tracks to the larger and runs the data's stages
again. Half an hour on two cores.
"""

import argparse
import functools
import re
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pandas as pd
import psutil
import yaml

from genre.corpus.demo.performance import make_file
from genre.corpus.demo.styles import GENRES
from genre.corpus.tracks import audio_file
from genre.work.parallel import for_each
from tests.conftest import REPOSITORY
from tests.project import BEYOND, TINY, Project

INTERVAL = 0.5  # s between two looks at memory
DATA = "check_corpus inject_noise augment@original inject_sequence_noise"
DURATION = 30.0  # s


def parameters(corpus: Path) -> dict[str, object]:
    """All models and all changes of sound that the demo has, on a corpus in a folder."""
    demo = yaml.safe_load((REPOSITORY / "presets/demo.yaml").read_text(encoding="utf-8"))
    return {
        **TINY,
        **BEYOND,
        "robustness": demo["robustness"],
        "data.source": "folder",
        "data.path": str(corpus),
        "data.duration": DURATION,
    }


def make_tracks(folder: Path, first: int, count: int) -> None:
    """Add so many tracks of each genre to a folder."""
    work = functools.partial(
        _make,
        folder=folder,
        settings={"seed": 23, "duration": DURATION, "sr": 22050, "borrow": 0.05},
    )
    names = [(genre, k) for genre in GENRES for k in range(first, first + count)]
    list(for_each(work, names, description="made tracks"))


def _make(name: tuple[str, int], *, folder: Path, settings: dict) -> None:
    row, files = make_file(*name, **settings)
    target = audio_file(folder, row["track"], row["genre"])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(*files.values())


def memory_of_stage(dvc: int) -> float:
    """Memory of a stage's processes in MB, what they share counted once."""
    total = 0
    for process in psutil.Process(dvc).children(recursive=True):
        try:
            if "stages." in " ".join(process.cmdline()) or "loky" in " ".join(process.cmdline()):
                total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 1e6


def measure(project: Project, targets: str = "") -> pd.DataFrame:
    """Run the pipeline; seconds and peak memory of each stage that runs."""
    found: dict[str, dict[str, float]] = {}
    with subprocess.Popen(
        f"exec dvc repro {targets}", shell=True, cwd=project.folder, env=project.env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        current = []

        def look() -> None:
            while process.poll() is None:
                if current:
                    try:
                        now = memory_of_stage(process.pid)
                    except psutil.NoSuchProcess:
                        return
                    found[current[-1]]["MB"] = max(found[current[-1]]["MB"], now)
                time.sleep(INTERVAL)

        watcher = threading.Thread(target=look)
        watcher.start()
        for line in process.stdout:
            if match := re.match(r"Running stage '(.+)':", line):
                found[match[1]] = {"start": time.monotonic(), "MB": 0.0}
                current.append(match[1])
    watcher.join()
    assert process.returncode == 0
    table = pd.DataFrame(found).T
    ends = [*table["start"].iloc[1:], time.monotonic()]
    return pd.DataFrame({"s": ends - table["start"], "MB": table["MB"]})


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tracks", type=int, nargs=2, default=[100, 1000])
    counts = [count // len(GENRES) for count in parser.parse_args().tracks]
    with tempfile.TemporaryDirectory() as scratch:
        corpus, made, tables = Path(scratch) / "corpus", 0, {}
        for count in counts:
            make_tracks(corpus, made, count - made)
            made = count
            project = Project(Path(scratch) / f"project{count}", parameters(corpus))
            tables[f"{len(GENRES) * count} tracks,"] = measure(project)
        table = pd.concat(tables, axis=1)
        table.columns = [" ".join(column) for column in table.columns]
        memory = table.filter(like=" MB")
        table["MB ratio"] = memory.iloc[:, 1] / memory.iloc[:, 0]
        print(table.round(2).to_markdown(), flush=True)
        make_tracks(corpus, made, 1)
        start = time.monotonic()
        again = measure(project, DATA)
        print(f"\nten tracks more: {time.monotonic() - start:.0f} s\n")
        print(again.round(1).to_markdown())


if __name__ == "__main__":
    main()
