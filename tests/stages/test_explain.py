"""What baselines lose is kept under all that it depends on."""

import os
import shutil
import subprocess
import sys

from tests.conftest import REPOSITORY

CODE = """
import numpy as np
import stages.explain as explain
from genre.params import load_params

def nothing(work, items, *, keys, **others):
    print(*keys)
    return [None for _ in items]

explain.for_each = nothing
params = load_params()
features, labels = np.random.default_rng(0).random((8, 57)), np.arange(8) % 2
parts = np.array(["train", "val", "test", "test"] * 2)

def ask(features=features, labels=labels, parts=parts, params=params):
    explain.lost_by_baselines(features, labels, parts, params)

def changed(group, **values):
    return params.model_copy(update={group: getattr(params, group).model_copy(update=values)})

ask()
ask()
ask(features=features + 1)
ask(labels=1 - labels)
ask(parts=parts[::-1])
ask(params=params.model_copy(update={"seed": 1}))
ask(params=changed("train", seed=1))
ask(params=changed("svm", strengths=[5.0]))
ask(params=changed("svm", widths=[5.0]))
"""


def test_what_it_depends_on_makes_another_key(tmp_path):
    shutil.copy(REPOSITORY / "presets/demo.yaml", tmp_path / "params.yaml")
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, again, *others = [line.split() for line in done.stdout.splitlines()]
    assert len(set(first)) == 3
    assert again == first
    assert len(others) == 7
    assert len({key for keys in (first, *others) for key in keys}) == 8 * 3
