"""Runs that are killed, and go on."""

import os
import signal
import subprocess
import time

from tests.project import TINY, Project, stages_run


def test_a_killed_run_goes_on_from_there(tmp_path):
    project = Project(tmp_path / "clone", TINY)
    repro = ["dvc", "repro", "sequences", "crop"]
    with subprocess.Popen(
        repro, cwd=project.folder, env=project.env, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        for line in process.stdout:
            if "Running stage 'features'" in line:
                time.sleep(3)
                break
        os.killpg(process.pid, signal.SIGKILL)
    output = project.run(" ".join(repro))
    assert "download" not in stages_run(output)
    assert {"features", "sequences"} <= stages_run(output)
    killed = project.hashes()
    project.run("dvc repro -f sequences crop")
    assert project.hashes() == killed
