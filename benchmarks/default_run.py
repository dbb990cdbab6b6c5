"""Time the default run, from empty caches on, and the commands that come after it.

Usage: python -m benchmarks.default_run

Runs the default pipeline in a fresh clone; prints each stage's time and peak memory, and what a
run takes that has nothing to do, and one of another variant.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.full_size import measure
from tests.conftest import REPOSITORY
from tests.project import Project

COMMANDS = ("dvc repro", "dvc exp run -S model.variant=1.3", "dvc metrics diff main")


def main() -> None:
    """Measure, and print a table and a line a command."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        project = Project(Path(scratch) / "project", {})
        # Tests leave out what lies beyond the study; who runs `dvc repro` does not.
        shutil.copy(REPOSITORY / "presets/demo.yaml", project.folder / "params.yaml")
        project.commit("the demo")
        start = time.monotonic()
        table = measure(project)
        print(table.round(0).astype(int).to_markdown(), flush=True)
        print(f"\nthe whole run: {time.monotonic() - start:.0f} s\n", flush=True)
        project.commit("done")
        for command in COMMANDS:
            start = time.monotonic()
            project.run(command)
            print(f"{command}: {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
