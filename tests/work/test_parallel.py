"""Work on many tracks: of those that changed, and on a Dask cluster that loses a worker."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.work import parallel, processor
from genre.work.cache import libraries
from genre.work.parallel import for_each
from tests.conftest import (
    REPOSITORY,
    on_all_cores,
    run_all_here,
    run_stage,
    sine,
    write_audio,
    write_params,
)

pytestmark = pytest.mark.usefixtures("all_cores")

TABLES = ("features_3_sec.csv", "features_30_sec.csv")


def square(number: int) -> int:
    if number < 0:
        raise ValueError("below zero")
    return number**2


def test_results_come_in_the_order_of_the_items():
    assert list(for_each(square, range(50), description="squares")) == [k**2 for k in range(50)]


def test_a_failure_names_the_item():
    with pytest.raises(RuntimeError, match="-3: ValueError: below zero"):
        list(for_each(square, [1, -3, 2], description="squares"))


def die(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # what the kernel does when memory runs out
    return number


def need_too_much(number: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (2**33, resource.RLIM_INFINITY))
    return len(np.ones(2**34, dtype=np.uint8)) if number == 2 else number


@pytest.mark.parametrize("function", [die, need_too_much])
def test_memory_that_runs_out_is_an_error_that_says_what_to_do(function):
    with pytest.raises(InputError, match="by LOKY_MAX_CPU_COUNT=1 in the environment"):
        list(for_each(function, range(9), description="numbers"))
    assert list(for_each(square, range(3), description="squares")) == [0, 1, 4]


def corpus(folder: Path, count: int) -> None:
    """A folder as the download stage leaves it."""
    source = folder.parent / f"{folder.name}-source"
    for k in range(count):
        genre = "blues" if k else "jazz"
        write_audio(source / f"{genre}/{genre}.{k:05d}.wav", sine(220.0 + 10 * k, 6.5))
    folder.mkdir()
    write_params(folder, {"data.source": "folder", "data.path": str(source)})
    run_all_here(folder, "download")


def tables(folder: Path) -> list[bytes]:
    return [(folder / "data/features" / name).read_bytes() for name in TABLES]


def kept(folder: Path) -> set[Path]:
    return {path.parent for path in (folder / "cache").rglob("output.pkl")}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder as the stage features leaves it."""
    folder = tmp_path_factory.mktemp("made") / "work"
    corpus(folder, 4)
    with on_all_cores():
        assert run_stage(folder, "features").returncode == 0
    return folder


@pytest.fixture
def folder(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "work"))


def test_only_new_and_changed_tracks_are_computed(made, folder):
    first, before = tables(folder), kept(folder)
    assert len(before) == 2 * 4  # of its segments and of the whole track
    run_all_here(folder, "features")
    assert kept(folder) == before
    assert tables(folder) == first

    source = shutil.copytree(made.parent / "work-source", folder.parent / "source")
    write_params(folder, {"data.source": "folder", "data.path": str(source)})
    write_audio(source / "blues/blues.00001.wav", sine(1000.0, 6.5))
    write_audio(source / "blues/blues.00009.wav", sine(2000.0, 6.5))
    for stage in ("download", "features"):
        assert run_stage(folder, stage).returncode == 0
    assert len(kept(folder) - before) == 2 * 2
    afterwards = tables(folder)
    assert len(pd.read_csv(folder / "data/features" / TABLES[1])) == 5
    shutil.rmtree(folder / "cache")
    assert run_stage(folder, "features").returncode == 0
    assert tables(folder) == afterwards


@pytest.mark.parametrize("how", ["cut", "flipped"])
def test_features_that_were_kept_badly_are_computed_again(folder, how):
    expected = tables(folder)
    for place in kept(folder):
        content = bytearray((place / "output.pkl").read_bytes())
        content[len(content) // 2] ^= 1
        (place / "output.pkl").write_bytes(content if how == "flipped" else content[:-9])
    run_all_here(folder, "features")
    assert tables(folder) == expected


def start(module: str, folder: Path, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", module, "--scheduler-file", "dask.json", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "GENRE_CACHE": str(folder / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(found: object, *, seconds: int = 60) -> None:
    for _ in range(10 * seconds):
        if found():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path):
    folder = tmp_path / "work"
    corpus(folder, 24)
    assert run_stage(folder, "features").returncode == 0
    expected = tables(folder)
    shutil.rmtree(folder / "cache")
    for name in TABLES:
        (folder / "data/features" / name).unlink()

    arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    processes = [start("distributed.cli.dask_scheduler", folder, *arguments)]
    try:
        wait_for((folder / "dask.json").exists)
        processes += [
            start("tools.worker", folder, "--no-nanny", "--nthreads", "1", "--no-dashboard")
            for _ in range(2)
        ]
        address = pd.read_json(folder / "dask.json", typ="series")["address"]
        environment = {"PYTHONPATH": str(REPOSITORY), "DASK_SCHEDULER_ADDRESS": address}
        stage = subprocess.Popen(
            [sys.executable, "-m", "stages.features"],
            cwd=folder,
            env={**os.environ, **environment},
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(stage)
        wait_for(lambda: len(kept(folder)) >= 4)
        processes[1].kill()
        assert len(kept(folder)) < 24
        _, said = stage.communicate(timeout=120)
        assert stage.returncode == 0, said
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert tables(folder) == expected


def test_a_cluster_without_workers_is_an_error(tmp_path, monkeypatch):
    arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    scheduler = start("distributed.cli.dask_scheduler", tmp_path, *arguments)
    try:
        wait_for((tmp_path / "dask.json").exists)
        address = pd.read_json(tmp_path / "dask.json", typ="series")["address"]
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
        monkeypatch.setattr(parallel, "WAIT", 1)
        with pytest.raises(InputError, match="no worker is there: start some"):
            list(for_each(square, [2, 3], description="squares"))
    finally:
        scheduler.kill()
        scheduler.wait()


def test_a_worker_that_computes_with_other_instructions_is_an_error():
    """Whenever it has joined."""
    portable = processor.is_portable()
    assert parallel._elsewhere(portable, libraries(), square, 3, None) == 9
    with pytest.raises(InputError, match="a worker there computes with other instructions"):
        parallel._elsewhere(not portable, libraries(), square, 3, None)


def test_a_cluster_that_does_not_answer_is_an_error(folder):
    shutil.rmtree(folder / "cache")
    done = run_stage(
        folder, "features", DASK_SCHEDULER_ADDRESS="tcp://127.0.0.1:1",
        DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="2s",
    )  # fmt: skip
    assert done.returncode == 1
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr
