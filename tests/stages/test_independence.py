"""What must not matter does not: the same bytes on another computer's settings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from genre.corpus.demo.styles import GENRES
from tests.conftest import REPOSITORY, checksums, on_all_cores, write_corpus, write_params

STAGES = [
    "download", "check_corpus", "split", "spectrograms", "crop", "augment original",
    "augment cropped", "inject_noise", "features", "sequences", "inject_sequence_noise",
]  # fmt: skip
BEYOND = ["log_mels", "alter"]  # what models beyond the study read
CHANGES = {"beyond.networks": ["MSD_musicnn"], "altered.copies": 1}
# Runs stages one after the other in one process; folders may be listed backwards.
RUNNER = """
import importlib, os, sys
from stages import run
if os.environ.get("BACKWARDS"):
    listdir, scandir = os.listdir, os.scandir
    class Backwards:
        def __init__(self, *path):
            self.entries = iter(sorted(scandir(*path), key=lambda entry: entry.name, reverse=True))
        def __iter__(self): return self
        def __next__(self): return next(self.entries)
        def __enter__(self): return self
        def __exit__(self, *rest): pass
        def close(self): pass
    os.scandir = Backwards
    os.listdir = lambda *path: sorted(listdir(*path), reverse=True)
if os.environ.get("MASK"):
    os.umask(int(os.environ["MASK"], 8))
if os.environ.get("CORE"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
for command in sys.argv[1:]:
    stage, *sys.argv[1:] = command.split()
    run(importlib.import_module(f"stages.{stage}").main)
"""
MATPLOTLIBRC = "font.size: 30\nsavefig.dpi: 20\naxes.facecolor: black\nimage.cmap: gray\n"
SETTINGS = {
    "one core": {"CORE": "1"},
    # All at once, since none may matter: files in another order, a locale without UTF-8, another
    # time zone, a strict umask, another hash seed, the user's matplotlib and the user's Kaggle; and
    # the folder is another.
    "another computer": {
        "BACKWARDS": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
        "TZ": "Pacific/Kiritimati", "MASK": "077", "PYTHONHASHSEED": "4711",
        "MATPLOTLIBRC": "matplotlibrc", "MPLBACKEND": "svg", "KAGGLE_USERNAME": "somebody",
        "KAGGLE_KEY": "secret",
    },
}  # fmt: skip


def run_with(settings: dict[str, str], folder: Path, stages: list[str]) -> dict[str, str]:
    """Run stages in a folder; the checksums of what they leave there."""
    (folder / "matplotlibrc").write_text(MATPLOTLIBRC)
    environment = {
        **os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(REPOSITORY),
        "GENRE_CACHE": str(folder / "cache"), **settings,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *stages],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return checksums(folder)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), GENRES[:3], seconds=3.5)


def prepared(folder: Path, corpus: Path, changes: dict[str, object] | None = None) -> Path:
    shutil.copytree(REPOSITORY / "data/splits", folder / "data/splits")
    settings = {"data.source": "folder", "data.path": str(corpus), "split.val": 0.25}
    write_params(folder, {**settings, **(changes or {})})
    return folder


@pytest.fixture(scope="module")
def expected_data(tmp_path_factory, corpus) -> dict[str, str]:
    folder = prepared(tmp_path_factory.mktemp("plain") / "project", corpus, CHANGES)
    with on_all_cores():
        return run_with({}, folder, [*STAGES, *BEYOND])


@pytest.mark.usefixtures("all_cores")
@pytest.mark.parametrize("what", SETTINGS)
def test_data_do_not_depend_on(what, tmp_path, corpus, expected_data):
    folder = prepared(tmp_path / "with spaces, and ünïcödé", corpus, CHANGES)
    found = run_with(SETTINGS[what], folder, [*STAGES, *BEYOND])
    assert len(found) > 100
    assert "data/altered/log_mels/log_mels.npy" in found
    assert found == expected_data
