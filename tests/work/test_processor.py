"""One instruction set is in force in every process, and can be left."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from genre.work import processor
from genre.work.parallel import for_each
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.skipif(
    processor.instructions() != processor.AVX2, reason="no x86-64 processor, or GENRE_NATIVE is set"
)
# What the libraries of a process really use.
LOOK = """
import json
import numpy, scipy.linalg
from numpy._core._multiarray_umath import __cpu_features__ as numpys
from threadpoolctl import threadpool_info
from numba.core.codegen import JITCPUCodegen
from genre.work import processor
codegen = JITCPUCodegen("look")
print(json.dumps({
    "numpy": [name for name, on in numpys.items() if on and name in ("X86_V4", "AVX512_ICL")],
    "blas": sorted({
        (pool["architecture"], pool["num_threads"])
        for pool in threadpool_info() if pool["user_api"] == "blas"
    }),
    "numba": "avx512" in codegen._get_host_cpu_features(),
    "in force": processor.in_force(),
    "instructions": processor.instructions(),
}))
"""


def look(start: str, **environment: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", start + LOOK], cwd=REPOSITORY, capture_output=True, text=True,
        env={**{k: v for k, v in os.environ.items() if k not in processor.SETTINGS}, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("package", ["stages", "tools", "tests", "benchmarks", "genre.params"])
def test_it_is_in_force_whatever_comes_first(package):
    found = look(f"import {package}\n")
    assert found == {
        "numpy": [], "blas": [["Haswell", 1]], "numba": False, "in force": True,
        "instructions": "AVX2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "portable"),
    [("", True), ("0", True), ("false", True), ("off", True), ("1", False), ("True", False)],
)
def test_a_variable_of_the_environment_says_yes_or_no(monkeypatch, value, portable):
    monkeypatch.setenv("GENRE_NATIVE", value)
    assert processor.is_portable() == portable


def test_a_variable_of_the_environment_turns_it_off():
    found = look("import genre\n", GENRE_NATIVE="1")
    assert found["instructions"] != "AVX2"
    assert found["in force"]


def test_it_is_noticed_where_numpy_was_first():
    found = look("import numpy\nimport genre\n")
    assert not found["in force"]
    assert found["instructions"] != "AVX2"


@pytest.mark.parametrize(
    ("flags", "there"), [("sse4_2 avx fma", False), ("avx avx2", False), ("avx avx2 fma", True)]
)
def test_a_processor_without_it_is_left_as_it_is(tmp_path, monkeypatch, flags, there):
    """Code that it does not have would end the process."""
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor : 0\nflags : {flags}\n\nprocessor : 1\nflags : {flags}\n")
    assert processor._may_have_avx2(cpuinfo) == there
    assert processor._may_have_avx2(tmp_path / "nowhere")
    monkeypatch.setattr(processor, "_may_have_avx2", lambda: there)
    for name in processor.SETTINGS:
        monkeypatch.delenv(name)
    processor._settle()
    assert ("OPENBLAS_CORETYPE" in os.environ) == there


def settings_there(_: int) -> tuple[bool, dict[str, str]]:
    assert np.zeros(1).sum() == 0
    return processor.in_force(), {name: os.environ[name] for name in processor.SETTINGS}


def test_processes_that_work_on_tracks_have_it():
    for in_force, settings in for_each(settings_there, range(4), description="look"):
        assert in_force
        assert settings == processor.SETTINGS


def test_tensorflow_is_held_to_it(tmp_path):
    """oneDNN says what it runs."""
    code = """
from genre.training import devices
import keras, numpy as np
keras.layers.Conv2D(8, 3)(np.ones((1, 9, 9, 3), "f4"))
keras.layers.Dense(8)(np.ones((4, 9), "f4"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True,
        env={**os.environ, "ONEDNN_VERBOSE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if line.startswith("onednn_verbose")]
    assert any("isa:Intel AVX2" in line for line in said), said[:5]
    assert any(",exec," in line for line in said)
    assert not any("avx512" in line for line in said)


def test_jax_is_held_to_it_without_losing_the_users_flags(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_dump_to=x")
    settings = processor._settings()
    assert settings["XLA_FLAGS"] == "--xla_dump_to=x --xla_cpu_max_isa=AVX2"
    monkeypatch.setenv("XLA_FLAGS", settings["XLA_FLAGS"])
    assert processor._settings() == settings
