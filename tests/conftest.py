import contextlib
import gc
import hashlib
import importlib
import io
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml

from genre.corpus.demo.performance import make_track
from genre.randomness import generator
from genre.work import parallel
from stages import run

REPOSITORY = Path(__file__).parents[1]
SR = 22050
CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def pytest_configure() -> None:
    _share_cores()
    # What tests call of librosa numba compiles, into a cache that does not bear two processes.
    os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="numba-")


def _share_cores() -> None:
    """Let each process of tests start others on cores of its own: they do not wait for a rival's.

    What is to work in several processes at once, or in several threads, takes `all_cores`.
    """
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if 1 < count <= len(CORES):
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) % count
        first, last = (len(CORES) * k // count for k in (number, number + 1))
        os.sched_setaffinity(0, sorted(CORES)[first:last])


@contextlib.contextmanager
def on_all_cores() -> Iterator[None]:
    """Start processes on all cores for a while."""
    if CORES:
        os.sched_setaffinity(0, CORES)
    try:
        yield
    finally:
        _share_cores()


@pytest.fixture
def all_cores() -> Iterator[None]:
    with on_all_cores():
        yield


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["NUMBA_CACHE_DIR"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the longest files, so that no worker is left with one at the end.

    Two come later, since one process would wait while the other makes what they need. Those of a
    room that wait for a browser, or train, come before the many that are done at once.
    """
    files = {"test_pipeline.py": 0, "test_readme.py": 2, "test_contributing.py": 2}
    rooms = {"stages": 1, "work": 1, "tools": 3, "training": 3}
    items.sort(key=lambda item: files.get(item.path.name, rooms.get(item.path.parent.name, 4)))


@pytest.fixture(scope="session")
def gtzan() -> Path:
    """Real GTZAN material, which cannot be shipped."""
    if "GTZAN_PATH" not in os.environ:
        pytest.skip("the environment variable GTZAN_PATH does not name a folder with real GTZAN")
    path = Path(os.environ["GTZAN_PATH"]).resolve()
    assert path.is_dir(), f"GTZAN_PATH names {path}, which is not a folder"
    return path


@pytest.fixture(scope="session")
def music() -> np.ndarray:
    """Seven seconds of made music at 22050 Hz."""
    return make_track("jazz", generator(1, "tests"), duration=7.0, sr=SR, borrow=0.0)


def sine(frequency: float, seconds: float, *, sr: int = SR) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * sr)) / sr)).astype("f4")


def write_audio(path: Path, samples: np.ndarray, *, sr: int = SR, **options: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, sr, **options)
    return path


def write_corpus(folder: Path, genres: Iterable[str], *, seconds: float) -> Path:
    """A corpus of five short tracks of each genre, in GTZAN's layout."""
    for genre in genres:
        for k in range(5):
            samples = make_track(genre, generator(k), duration=seconds, sr=SR, borrow=0.0)
            write_audio(folder / f"{genre}/{genre}.{k:05d}.wav", samples)
    return folder


def damaged(content: bytes, rng: np.random.Generator) -> bytes:
    """A file's content with some bytes changed, lost, doubled, or cut off."""
    data = bytearray(content)
    match rng.integers(5):
        case 0:  # bytes anywhere
            for place in rng.integers(len(data), size=int(rng.integers(1, 20))):
                data[place] = rng.integers(256)
        case 1:  # bytes of the header
            for place in rng.integers(min(64, len(data)), size=int(rng.integers(1, 6))):
                data[place] = rng.integers(256)
        case 2:
            del data[int(rng.integers(len(data))) :]
        case 3:
            start, length = rng.integers(len(data)), rng.integers(1, 200)
            del data[start : start + length]
        case _:
            start, length = rng.integers(len(data)), rng.integers(1, 200)
            data[start:start] = data[start : start + length]
    return bytes(data)


def changed(values: dict, changes: dict[str, object]) -> dict:
    """Parameters with some changed, each named by its dotted path."""
    for name, value in changes.items():
        *groups, key = name.split(".")
        group = values
        for part in groups:
            group = group[part]
        assert key in group, f"there is no parameter {name}"
        group[key] = value
    return values


def demo_values() -> dict:
    """The parameters that tests start from, whatever the user has made of params.yaml.

    They are the demo's, without models beyond the study and transformations of sound: a test asks
    for what it is about.
    """
    values = yaml.safe_load((REPOSITORY / "presets/demo.yaml").read_text())
    left_out = {
        "beyond": dict.fromkeys(values["beyond"], []), "robustness": {"transformations": []}
    }  # fmt: skip
    return values | left_out


def write_params(folder: Path, changes: dict[str, object]) -> None:
    (folder / "params.yaml").write_text(yaml.safe_dump(changed(demo_values(), changes)))


def run_stage(
    folder: Path, stage: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess:
    """Run one stage in a folder, as DVC does."""
    return subprocess.run(
        [sys.executable, "-m", f"stages.{stage}", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "GENRE_CACHE": str(folder / "cache"),
            "PYTHONPATH": str(REPOSITORY),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )


def run_here(
    folder: Path, stage: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess:
    """Run one stage as `run_stage` does, in this process, which has its libraries already."""
    main = importlib.import_module(f"stages.{stage}").main
    said, code = io.StringIO(), 0
    log, handler = logging.getLogger(), logging.StreamHandler(said)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", [stage, *arguments])
        # The processes that loky keeps are in the folder of the stage before.
        ours = {"GENRE_CACHE": str(folder / "cache"), "LOKY_MAX_CPU_COUNT": "1"}
        for name, value in {**ours, **environment}.items():
            patch.setenv(name, value)
        patch.setattr(log, "handlers", [handler])
        level = log.level
        log.setLevel(logging.INFO)
        forget_kept_results()
        try:
            run(main)
        except SystemExit as stop:
            said.write(f"{stop}\n")
            code = 1
        finally:
            log.setLevel(level)
            forget_kept_results()
            gc.enable()  # which stages switch off that are over soon
    return subprocess.CompletedProcess([stage, *arguments], code, "", said.getvalue())


def run_all_here(folder: Path, *stages: str) -> str:
    """Run stages one after the other, in this process; each a name, and what else it is told.

    Gives what they said.
    """
    said = ""
    for stage in stages:
        done = run_here(folder, *stage.split())
        assert done.returncode == 0, done.stderr
        said += done.stderr
    return said


def checksums(folder: Path) -> dict[str, str]:
    """The checksum of each file in a folder that stages read or leave there."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in ("data", "metrics", "plots")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


def forget_kept_results() -> None:
    """Let the next work find anew where results are kept."""
    for function in (parallel._memory, parallel._cached):
        function.cache_clear()
