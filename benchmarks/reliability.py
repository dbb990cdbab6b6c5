"""Disturb the pipeline in every way that takes long, and print what came out of it as a table.

Usage: python -m benchmarks.reliability [--kills 4]

Works on the tests' tiny corpus, in temporary clones of this project; a quarter of an hour on two
cores.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import yaml

from benchmarks.full_size import measure
from genre.models.variants import CNNS
from tests.project import BEYOND, TINY, Project, stable_hashes, stages_run, wait_for_queue
from tools.verify import compare

SEED = 23


def outcome(differences: dict[str, str]) -> str:
    """What came out of a comparison, in words."""
    return "; ".join(f"{path}: {how}" for path, how in differences.items()) or "the same outputs"


def killed(folder: Path, undisturbed: Project, seconds: dict[str, float], kills: int) -> tuple:
    """Kill every stage some times at random moments; compare what is there in the end.

    A moment that comes after the stage has ended kills the next one, and leaves this one done.
    """
    project = Project(folder, {**TINY, **BEYOND, "train.backup": True})
    rng = np.random.default_rng(SEED)
    moments = {stage: list(rng.uniform(0, time, kills)) for stage, time in seconds.items()}
    count = 0
    while project.run_and_kill("dvc repro", moments):
        count += 1
    assert stages_run(project.run("dvc repro")) == set()
    found = compare(undisturbed.folder, project.folder)
    what = f"kill -9 of each of {len(seconds)} stages, at random moments, then `dvc repro`"
    return what, count, outcome(found)


def in_parallel(folder: Path, undisturbed: Project) -> tuple:
    """Run six variants two at a time, and compare with each of them alone."""
    queue, alone = (undisturbed.copy(folder / name) for name in ("queue", "alone"))
    queue.run(f"dvc exp run --queue -S model.variant={','.join(CNNS)}")
    queue.run("dvc queue start -j 2")
    wait_for_queue(queue)
    same = 0
    for ref in queue.run("git for-each-ref --format='%(refname)' refs/exps").split():
        if "/celery/" in ref or "/exec/" in ref:
            continue
        lock = folder / "dvc.lock"
        lock.write_text(queue.run(f"git show {ref}:dvc.lock"))
        variant = yaml.safe_load(queue.run(f"git show {ref}:params.yaml"))["model"]["variant"]
        alone.back_to("main")
        alone.run(f"dvc exp run -S model.variant={variant}")
        same += alone.hashes() == stable_hashes(lock)
    what = "experiments of `dvc queue start -j 2`, against each alone"
    return what, len(CNNS), f"{same} of {len(CNNS)} with the same outputs"


def rows(folder: Path, kills: int) -> Iterator[tuple]:
    """What was tried, how often, and what came out."""
    undisturbed = Project(folder / "undisturbed", {**TINY, **BEYOND})
    seconds = measure(undisturbed)["s"].to_dict()
    undisturbed.commit("a full run")
    yield killed(folder / "killed", undisturbed, seconds, kills)
    yield in_parallel(folder, undisturbed)


def main() -> None:
    """Try everything, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=4, help="most kills of each stage")
    print("| what was done | times | what came out |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), parser.parse_args().kills):
            print("|", " | ".join(str(cell) for cell in row), "|", flush=True)


if __name__ == "__main__":
    main()
