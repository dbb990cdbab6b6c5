"""An embedding that was kept is that of this network."""

import shutil
import subprocess
import sys

from tests.conftest import REPOSITORY

NETWORK = "genre/models/beyond/musicnn.py"
CODE = """
from pathlib import Path
import numpy as np
import stages.embed as embed
from genre.features import log_mels
from genre.params import load_params

def nothing(work, items, *, keys, **others):
    print(*keys)
    return [(0.0, 0.0) for _ in items]

embed.for_each = nothing
embed.measure = lambda *given, **named: {}
for folder in ("data/log_mels", "data/altered/log_mels"):
    log_mels.write(Path(folder), ["a"], np.array([187]), [np.ones((187, 96), np.float16)])
embed.main(load_params())
"""


def test_other_code_of_the_network_makes_another_key(tmp_path):
    for name in ("genre", "stages"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    shutil.copy(REPOSITORY / "presets/demo.yaml", tmp_path / "params.yaml")
    code = (REPOSITORY / NETWORK).read_text()
    keys = []
    for text in (
        code,
        f"{code}\n# a comment\n",
        code.replace("_CONSTANT = 1e-7", "_CONSTANT = 2e-7"),
    ):
        (tmp_path / NETWORK).write_text(text)
        command = [sys.executable, "-c", CODE, "MSD_musicnn"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        keys.append(done.stdout.split())
    assert [len(each) for each in keys] == [2, 2, 2]
    assert keys[0] == keys[1]
    assert set(keys[0]).isdisjoint(keys[2])
