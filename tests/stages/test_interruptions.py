"""Runs that are killed, or that find no room or broken files, and go on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import on_all_cores, write_corpus, write_params
from tests.project import SMALL, Project, stages_run

REPRO = "dvc repro sequences crop"


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> dict[str, object]:
    """Parameters for a small corpus in a folder."""
    folder = write_corpus(tmp_path_factory.mktemp("corpus"), ("jazz", "pop", "rock"), seconds=3.0)
    return {**SMALL, "data.source": "folder", "data.path": str(folder)}


@pytest.fixture(scope="module")
def done(tmp_path_factory, settings) -> Project:
    """The data of a run that nothing disturbed."""
    project = Project(tmp_path_factory.mktemp("undisturbed") / "clone", settings)
    project.run(REPRO)
    return project


def test_killed_runs_go_on_and_end_in_the_same_bytes(tmp_path, settings, done):
    """From the finished run of another corpus, whose files lie where the new ones go."""
    corpus, other = Path(settings["data.path"]), tmp_path / "other"
    shutil.copytree(corpus, other)
    (other / "jazz/jazz.00003.wav").rename(other / "jazz/jazz.00005.wav")
    shutil.copy(corpus / "pop/pop.00000.wav", other / "pop/pop.00004.wav")
    project = Project(tmp_path / "clone", {**settings, "data.path": str(other)})
    project.run(REPRO)
    assert project.hashes() != done.hashes()
    write_params(project.folder, settings)
    rng = np.random.default_rng(23)
    stages = ("download", "spectrograms", "crop", "features")
    moments = {stage: [rng.uniform(0.0, 1.5)] for stage in stages}
    with on_all_cores():
        killed = [project.run_and_kill(REPRO, moments) for _ in stages]
    assert sorted(killed) == sorted(stages)
    assert "download" not in stages_run(project.run(REPRO))
    assert project.hashes() == done.hashes()


@pytest.fixture
def mount() -> Iterator[callable]:
    """Mount file systems, where that is allowed."""
    mounted = []

    def mounts(folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
            pytest.skip("only root can mount a file system here")
        mounted.append(folder)

    yield mounts
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True)


def test_a_full_disk_says_so_and_the_rerun_goes_on(tmp_path, settings, done, mount):
    def resize(size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)

    disk = tmp_path / "disk"
    mount(disk)
    project = Project(disk / "clone", settings)
    resize(shutil.disk_usage(disk).used + 3_000_000)  # not enough for all audio, and DVC's copy
    # Where DVC's own databases find the disk full, they try again for ever.
    project.env["DVC_SITE_CACHE_DIR"] = str(tmp_path / "databases")
    with on_all_cores():
        output = project.run(REPRO, fails=True)
    # A stage says the first, DVC the second.
    said = ("the disk is full", "No space left on device")
    assert any(words in output for words in said), output
    before = stages_run(output)
    assert "download" in before
    resize(400_000_000)
    after = stages_run(project.run(REPRO))
    assert len(before & after) <= 1
    assert project.hashes() == done.hashes()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, settings, done, mount):
    project = Project(tmp_path / "clone", settings)
    project.env["GENRE_CACHE"] = done.env["GENRE_CACHE"]
    project.run("dvc repro split")
    pictures = project.folder / "data/pictures"
    mount(pictures, "-o", "ro")
    with on_all_cores():
        output = project.run(REPRO, fails=True)
    assert "data/pictures" in output
    assert "Read-only file system" in output
    subprocess.run(["umount", str(pictures)], check=True)
    mount(pictures)
    assert "download" not in stages_run(project.run(REPRO))
    assert project.hashes() == done.hashes()


@pytest.mark.parametrize("how", ["flipped", "cut"])
def test_a_damaged_cache_is_noticed_and_made_again(tmp_path, done, how):
    project = done.copy(tmp_path / "clone")
    folder, hashes = project.folder, project.hashes()
    for name in ("data/tracks.csv", "data/sequences/raw.npz"):
        cached = folder / ".dvc/cache/files/md5" / hashes[name][:2] / hashes[name][2:]
        content = bytearray(cached.read_bytes())
        content[len(content) // 2] ^= 1
        cached.chmod(0o644)
        cached.write_bytes(content if how == "flipped" else content[:-9])
        (folder / name).unlink()
    ran = stages_run(project.run(REPRO))
    assert {"download", "sequences"} <= ran
    assert project.hashes() == done.hashes()
    assert project.run(REPRO).count("Running stage") == 0
