"""A clone of the project in a temporary folder, and a tiny corpus's parameters for it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from genre.models.variants import CNNS, RNNS
from tests.conftest import REPOSITORY, write_params

TINY = {
    "data.demo.tracks_per_genre": 6,
    "data.demo.duration": 6.5,
    "split.val": 0.25,
    "split.folds": 5,
    "cnn.size.framed": [32, 48],
    "cnn.size.cropped": [24, 36],
    **{
        f"cnn.training.v{v.replace('.', '_')}": {
            "learning_rate": 1e-3, "batch_size": 16, "epochs": 2, "patience": None
        }
        for v in CNNS
    },
    **{
        f"rnn.training.v{v.replace('.', '_')}": {
            "learning_rate": 1e-3, "batch_size": 16, "epochs": 2, "patience": None
        }
        for v in RNNS
    },
    "hybrid": {"learning_rate": 1e-3, "batch_size": 16, "epochs": 3, "patience": 2},
}  # fmt: skip


class Project:
    """A clone of the project, with commands to run in it."""

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
        self.env = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DVC_SITE_CACHE_DIR": str(folder.parent / f"{folder.name}-dvc"),
            "DVC_NO_ANALYTICS": "1",
            "GENRE_CACHE": str(folder.parent / f"{folder.name}-cache"),
            **{
                f"GIT_{role}_{key}": value
                for role in ("AUTHOR", "COMMITTER")
                for key, value in (("NAME", "Test"), ("EMAIL", "test@example.org"))
            },
        }
        for command in ("git init -q -b main", "git add -A", "git commit -q -m start"):
            self.run(command)

    def run(self, command: str, *, fails: bool = False) -> str:
        """Run a command line and give what it prints."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.env, text=True, timeout=900,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert (done.returncode != 0) == fails, f"{command}\n{done.stdout[-6000:]}"
        assert "Traceback" not in done.stdout, done.stdout
        return done.stdout

    def commit(self, message: str) -> None:
        self.run(f"git add -A && git commit -q --allow-empty -m '{message}'")

    def back_to(self, branch: str) -> None:
        self.run(f"git checkout -q -f {branch} && dvc checkout -q")

    def summary(self) -> dict:
        return json.loads((self.folder / "metrics/summary.json").read_text())

    def hashes(self) -> dict[str, str]:
        """The hash of every output that must be the same in every run."""
        lock = yaml.safe_load((self.folder / "dvc.lock").read_text())
        return {
            out["path"]: out["md5"]
            for stage in lock["stages"].values()
            for out in stage["outs"]
            if not out["path"].startswith("metrics/runtime")
        }


def stages_run(output: str) -> set[str]:
    return set(re.findall(r"^Running stage '(.+)':", output, flags=re.MULTILINE))
