"""Two runs compared: what differs, and by how much."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import yaml

from genre.pictures.png import encode
from genre.training.saving import save_model
from tests.conftest import REPOSITORY
from tools.verify import compare, not_compared

WRITE = """
import json, time
open("data.csv", "w").write(f"x\\n{{{}}}\\n")
json.dump({{"time": {}}}, open("m.json", "w"))
"""


def run(folder: Path, *, shift: float = 0.0, note: str = "") -> Path:
    """A folder as a run leaves it, its numbers shifted a little."""
    for sub in ("data/pictures/a", "metrics/runtime", "models", "plots"):
        (folder / sub).mkdir(parents=True)
    (folder / "data/table.csv").write_text(f"track,p\na,{0.25 + shift}\nb,0.5\n")
    (folder / "metrics/one.json").write_text(json.dumps({"m": {"accuracy": 0.5 + 2 * shift}}))
    for name in ("runtime/one", "costs"):
        (folder / f"metrics/{name}.json").write_text(json.dumps({"milliseconds": shift}))
    np.savez(folder / "data/x.npz", x=np.full(3, shift), tracks=np.array(["a"]))
    for k in range(8):
        picture = np.full((9, 9, 3), k + int(100 * shift), "u1")
        (folder / f"data/pictures/a/{k}.png").write_bytes(encode(picture))
    page = f'{note}<section id="runtime">{shift} s</section>'
    (folder / "plots/report.html").write_text(page)
    keras.utils.clear_session()  # layers are numbered as in a new process
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "relu", name="d")])
    model.set_weights([np.full((2, 1), shift), np.zeros(1)])
    save_model(model, folder / "models/one.keras")
    outs = [
        {"path": path, "md5": f"{shift}"}
        for path in (
            "data/table.csv", "data/x.npz", "data/pictures", "metrics/one.json", "models/one.keras",
            "metrics/runtime/one.json", "metrics/costs.json", "plots/report.html",
        )
    ]  # fmt: skip
    (folder / "dvc.lock").write_text(yaml.safe_dump({"stages": {"all": {"outs": outs}}}))
    return folder


def test_the_largest_differences_are_named(tmp_path):
    found = compare(run(tmp_path / "a"), run(tmp_path / "b", shift=0.125))
    assert found == {
        "data/pictures": "8 of 8 files differ",
        **{f"data/pictures/a/{k}.png": "up to 12 in pixels" for k in range(5)},
        "data/table.csv": "up to 0.12 in p",
        "data/x.npz": "up to 0.12 in x",
        "metrics/one.json": "up to 0.25 in m.accuracy",
        "models/one.keras": "up to 0.12 in layers/dense/vars/0",
    }


def test_run_times_may_differ_and_nothing_else(tmp_path):
    a, b = run(tmp_path / "a"), run(tmp_path / "b")
    (b / "plots/report.html").write_text('<section id="runtime">other</section>')
    lock = (b / "dvc.lock").read_text().replace("0.0", "1.0")
    (b / "dvc.lock").write_text(lock)
    assert compare(a, b) == {}
    c = run(tmp_path / "c", note="other")
    (c / "dvc.lock").write_text(lock)
    assert compare(a, c) == {"plots/report.html": "differs outside the run times"}
    assert compare(a, b / "dvc.lock")["data/table.csv"].startswith("other hash")
    (b / "data/pictures/a/3.png").unlink()
    assert compare(a, b) == {"data/pictures/a/3.png": "only in one of the two"}
    (a / "plots/report.html").unlink()  # as in a fresh clone
    assert not_compared(a, c) == not_compared(a, c / "dvc.lock") == ["plots/report.html"]
    assert "plots/report.html" not in compare(a, c)


def test_what_was_not_made_there_is_not_the_same(tmp_path):
    """Its lock says what others have made."""
    a, b = run(tmp_path / "a"), run(tmp_path / "b")
    (b / "data/table.csv").unlink()
    assert compare(a, b) == {"data/table.csv": "has not been made there: dvc repro or dvc pull"}
    assert compare(b, a) == {}


@pytest.mark.parametrize(("shift", "code"), [(0.0, 0), (0.125, 1)])
def test_the_exit_status_tells(tmp_path, shift, code):
    a, b = run(tmp_path / "a"), run(tmp_path / "b", shift=shift)
    done = subprocess.run(
        [sys.executable, "-m", "tools.verify", str(b)],
        cwd=a, env={"PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert ("all 6 outputs are the same" in done.stdout) == (code == 0)


def test_what_is_no_run_is_an_error(tmp_path):
    run(tmp_path / "a")
    done = subprocess.run(
        [sys.executable, "-m", "tools.verify", "nowhere"],
        cwd=tmp_path / "a", env={"PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "ERROR: " in done.stderr and "nowhere" in done.stderr


@pytest.mark.parametrize("cache", ["its own", "the user's", "the committed one"])
def test_a_fresh_run_is_compared(tmp_path, cache):
    """In a project of one stage, which draws a number by chance or does not."""
    for name, text in {
        "dvc.yaml": "stages: {one: {cmd: python one.py, deps: [one.py], outs: [data.csv, m.json: "
        "{cache: false}]}}\n",
        "one.py": WRITE.format("1", "1"),
    }.items():
        (tmp_path / name).write_text(text)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "DVC_GLOBAL_CONFIG_DIR": str(tmp_path / "user"),
    }
    if cache == "the user's":  # whose cache then holds all results of the run to compare with
        (tmp_path / "user").mkdir()
        (tmp_path / "user/config").write_text(f"[cache]\n    dir = {tmp_path / 'shared'}\n")

    named = f"dvc cache dir {tmp_path / 'shared'} &&" if cache == "the committed one" else ""

    def shell(command: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    identity = "-c user.name=Test -c user.email=test@example.org"
    made = shell(
        f"git init -q && dvc init -q && {named} dvc repro && "
        f"git add -A && git {identity} commit -qm x"
    )
    assert made.returncode == 0, made.stderr
    done = shell("python -m tools.verify")
    assert done.returncode == 0, done.stderr
    assert "all 2 outputs are the same" in done.stdout
    (tmp_path / "one.py").write_text(WRITE.format("time.time()", "time.time()"))
    assert shell(f"dvc repro -f && git {identity} commit -qam y").returncode == 0
    done = shell("python -m tools.verify")
    assert done.returncode == 1
    assert "data.csv: up to " in done.stdout and "m.json: up to " in done.stdout
    # A run of one's own is no run that was committed.
    assert shell("dvc repro -f").returncode == 0
    done = shell("python -m tools.verify")
    assert done.returncode == 1
    assert "data.csv: other hash" in done.stdout
    assert "m.json: up to " in done.stdout  # which Git has
    # Nothing makes what a stage made that is no more.
    (tmp_path / "one.py").write_text(WRITE.format("1", "1"))
    lock = yaml.safe_load((tmp_path / "dvc.lock").read_text())
    lock["stages"]["gone"] = {"cmd": "true", "outs": [{"path": "gone.csv", "md5": "0"}]}
    assert shell("dvc repro").returncode == 0
    lock["stages"] |= yaml.safe_load((tmp_path / "dvc.lock").read_text())["stages"]
    (tmp_path / "dvc.lock").write_text(yaml.safe_dump(lock))
    assert shell(f"git {identity} commit -qam z").returncode == 0
    assert "gone.csv: only in one of the two" in shell("python -m tools.verify").stdout
