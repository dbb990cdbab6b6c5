import os
import shutil

import pytest
from filelock import FileLock

from tests.project import BEYOND, TINY, Project


@pytest.fixture(scope="session")
def full_run(tmp_path_factory) -> Project:
    """The project after a full run, all committed; of several test processes one makes it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, printed = shared / "full-run", shared / "full-run.txt"
    with FileLock(shared / "full-run.lock"):
        if not printed.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            made = Project(folder, TINY | BEYOND)
            output = made.run("dvc repro")
            made.commit("a full run")
            printed.write_text(output)
    return Project.at(folder, printed.read_text())
