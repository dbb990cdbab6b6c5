"""Run the pipeline on processors that QEMU pretends to be, and compare what comes out.

Usage: python -m benchmarks.processors EPYC-Milan Haswell ... [--stages train_cnn@1.0 ...]

Names are those of `qemu-x86_64 -cpu help` (Debian's package qemu-user, from version 7.2 on, which
knows AVX2). Stages run there on a small corpus, with networks, pictures and batches as the demo has
them, for two epochs: all take more than an hour a processor, a training one to four minutes.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPOSITORY
from tests.project import Project
from tools.verify import compare

TRACKS, EPOCHS = 5, 2  # of each genre, of each training


def shorten(values: dict[str, Any]) -> None:
    """Give all trainings among some parameters a few epochs."""
    for value in values.values():
        if isinstance(value, dict):
            shorten(value)
    if "epochs" in values:
        values.update(epochs=EPOCHS, patience=None)


def start(folder: Path) -> Project:
    """A project with the demo's parameters, but for less of everything."""
    project = Project(folder, {})
    values = yaml.safe_load((REPOSITORY / "presets/demo.yaml").read_text())
    values["data"]["demo"]["tracks_per_genre"] = TRACKS
    values["split"]["val"] = 0.25  # a track of each genre
    shorten(values)
    (folder / "params.yaml").write_text(yaml.safe_dump(values))
    return project


def repro(project: Project, *stages: str) -> None:
    """Run all stages, or some again, however long that takes."""
    again = ["--force", "--single-item", *stages] if stages else []
    subprocess.run(
        ["dvc", "repro", *again],
        cwd=project.folder,
        env=project.env,
        check=True,
        capture_output=True,
    )


def emulated(project: Project, processor: str) -> Project:
    """A project whose stages run on another processor, in one process each."""
    place = project.folder.parent / f"{processor}-bin"
    place.mkdir()
    python = place / "python"
    emulator = shutil.which("qemu-x86_64")
    python.write_text(f'#!/bin/sh\nexec {emulator} -cpu {processor} {sys.executable} "$@"\n')
    python.chmod(0o755)
    project.env["PATH"] = f"{place}:{project.env['PATH']}"
    # Processes that a stage starts would be on the processor that is there.
    project.env["LOKY_MAX_CPU_COUNT"] = "1"
    return project


def outcome(ours: Project, processor: str, stages: Sequence[str]) -> str:
    """Run all stages on a processor, or some; tell what differs."""
    folder = ours.folder.parent / processor
    project = emulated(ours.copy(folder) if stages else ours.clone(folder), processor)
    try:
        repro(project, *stages)
    except subprocess.CalledProcessError as error:
        return f"ended with: {error.stdout.decode().strip()[-500:]}"
    found = compare(ours.folder, folder)
    return "; ".join(f"{path}: {how}" for path, how in found.items()) or "none"


def main() -> None:
    """Run everything here, and on each processor; print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("processors", nargs="+")
    parser.add_argument("--stages", nargs="+", default=[])
    asked = parser.parse_args()
    if shutil.which("qemu-x86_64") is None:
        sys.exit("ERROR: there is no qemu-x86_64: install Debian's package qemu-user, or QEMU")
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor() as several:
        ours = start(Path(scratch) / "here")
        repro(ours)
        ours.commit("a run")
        print("| processor | outputs that differ |\n|---|---|")
        found = several.map(lambda name: outcome(ours, name, asked.stages), asked.processors)
        for processor, differences in zip(asked.processors, found, strict=True):
            print(f"| {processor} | {differences} |", flush=True)


if __name__ == "__main__":
    main()
