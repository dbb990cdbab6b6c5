"""A clone of the project in a temporary folder, and a tiny corpus's parameters for it."""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from genre.models.variants import CNNS, RNNS, trainings_of
from tests.conftest import REPOSITORY, write_params
from tools.verify import read_lock

TINY = {
    "data.demo.tracks_per_genre": 6,
    "data.duration": 6.5,
    "split.val": 0.25,
    "split.folds": 5,
    "cnn.size.framed": [32, 48],
    "cnn.size.cropped": [24, 36],
    **{
        # Enough to tell two CNNs apart by their scores.
        f"cnn.training.{name}": {
            "learning_rate": 2e-3, "schedule": "constant", "batch_size": 16, "epochs": 6,
            "patience": None,
        }
        for name in trainings_of(CNNS)
    },
    **{
        f"rnn.training.{name}": {
            "learning_rate": 1e-3, "schedule": "constant", "batch_size": 16, "epochs": 2,
            "patience": None,
        }
        for name in trainings_of(RNNS)
    },
    "hybrid": {
        "learning_rate": 1e-3, "schedule": "constant", "batch_size": 16, "epochs": 3, "patience": 2
    },
}  # fmt: skip


# All models beyond the study.
BEYOND = {
    "beyond.networks": ["MSD_musicnn"],
    "beyond.short_chunk": ["4.0"],
    "beyond.linear": ["4.1", "4.2"],
    "beyond.transformer": ["4.3"],
    "beyond.learned": ["3.4", "3.5"],
    "altered.copies": 1,
    "short_chunk.widths": [8, 8, 8],
    **{
        f"{name}.training": {
            "learning_rate": 1e-3,
            "schedule": "constant",
            "batch_size": 16,
            "epochs": 2,
            "patience": 2,
        }
        for name in ("short_chunk", "transformer")
    },
}
SMALL = {**TINY, "data.demo.tracks_per_genre": 5, "data.duration": 3.0}


# The stages that read what all models say.
EVALUATION = {"learn_ensembles", "evaluate", "robustness", "explain", "draw", "report"}


class Project:
    """A clone of the project, with commands to run in it."""

    first_output = ""

    def __init__(self, folder: Path, changes: dict[str, object]) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=REPOSITORY, capture_output=True, text=True, check=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (REPOSITORY / name).is_file() and name != "dvc.lock":
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPOSITORY / name, folder / name)
        write_params(folder, changes)
        self.env = self._environment()
        for command in ("git init -q -b main", "git add -A", "git commit -q -m start"):
            self.run(command)

    @classmethod
    def at(cls, folder: Path, first_output: str) -> "Project":
        """A project that is there, and what its first run printed."""
        project = cls.__new__(cls)
        project.folder, project.first_output = folder, first_output
        project.env = project._environment()
        return project

    def _environment(self) -> dict[str, str]:
        folder = self.folder
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DVC_SITE_CACHE_DIR": str(folder.parent / f"{folder.name}-dvc"),
            "DVC_NO_ANALYTICS": "1",
            # The user's configuration may name a cache that holds the results already.
            "DVC_GLOBAL_CONFIG_DIR": str(folder.parent / f"{folder.name}-configuration"),
            "DVC_SYSTEM_CONFIG_DIR": str(folder.parent / f"{folder.name}-configuration"),
            "GENRE_CACHE": str(folder.parent / f"{folder.name}-cache"),
            **{
                f"GIT_{role}_{key}": value
                for role in ("AUTHOR", "COMMITTER")
                for key, value in (("NAME", "Test"), ("EMAIL", "test@example.org"))
            },
        }

    def copy(self, folder: Path) -> "Project":
        """The same project in another folder, with caches of its own."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return self._moved_to(folder)

    def twin(self, folder: Path) -> "Project":
        """The same project in another folder, with what is kept of it."""
        other = self.copy(folder)
        other.env["GENRE_CACHE"] = self.env["GENRE_CACHE"]
        return other

    def clone(self, folder: Path) -> "Project":
        """What git has of the project in another folder, with empty caches."""
        subprocess.run(["git", "clone", "-q", self.folder, folder], check=True)
        return self._moved_to(folder)

    def _moved_to(self, folder: Path) -> "Project":
        other = copy.copy(self)
        other.folder = folder
        other.env = {**self.env, **other._environment()}
        return other

    def run(self, command: str, *, fails: bool = False) -> str:
        """Run a command line and give what it prints."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.env, text=True, timeout=900,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert (done.returncode != 0) == fails, f"{command}\n{done.stdout[-6000:]}"
        assert "Traceback" not in done.stdout, done.stdout
        return done.stdout

    def run_and_kill(self, command: str, moments: dict[str, list[float]]) -> str | None:
        """Run a command, and kill it -9 with all that it started while it runs a stage.

        Takes the first moment, in seconds after its start, of the first stage that has one left.
        Gives the stage that was killed, or nothing if the command came to its end.
        """
        with subprocess.Popen(
            ["bash", "-c", command], cwd=self.folder, env=self.env, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            for line in process.stdout:
                found = re.match(r"Running stage '(.+)':", line)
                if found and moments.get(found[1]):
                    time.sleep(moments[found[1]].pop(0))
                    os.killpg(process.pid, signal.SIGKILL)
                    return found[1]
        return None

    def stale(self) -> set[str]:
        """The stages of which something that they read is another than when they ran."""
        return set(json.loads(self.run("dvc status --json 2> /dev/null")))

    def commit(self, message: str) -> None:
        self.run(f"git add -A && git commit -q --allow-empty -m '{message}'")

    def back_to(self, branch: str) -> None:
        self.run(f"git checkout -q -f {branch} && dvc checkout -q")

    def summary(self) -> dict:
        return json.loads((self.folder / "metrics/summary.json").read_text())

    def hashes(self) -> dict[str, str]:
        """The hash of every output that must be the same in every run."""
        return stable_hashes(self.folder)


def stable_hashes(lock: Path) -> dict[str, str]:
    """The hashes of a dvc.lock, without the report: it shows run times."""
    return {path: md5 for path, md5 in read_lock(lock).items() if path != "plots/report.html"}


def stages_run(output: str) -> set[str]:
    return set(re.findall(r"^Running stage '(.+)':", output, flags=re.MULTILINE))


def wait_for_queue(project: Project, tasks: int) -> None:
    """Wait until so many queued experiments have ended, which all are to succeed."""
    for _ in range(120):
        status = project.run("dvc queue status")
        if len(re.findall(r"\b(Success|Failed)\b", status)) == tasks:
            break
        time.sleep(5)
    failed = [row.split()[0] for row in status.splitlines() if "Failed" in row]
    logs = [project.run(f"dvc queue logs {task}") for task in failed]
    assert status.count("Success") == tasks, "\n".join([status, *logs])
