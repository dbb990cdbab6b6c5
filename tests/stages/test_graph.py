"""dvc.yaml against the code: every stage depends on what it runs, and on nothing else."""

import ast
import functools
from pathlib import Path

import pytest
import yaml

from genre.models.variants import BASELINES, CNNS, MODELS, RNNS, training_key
from tests.conftest import REPOSITORY

PIPELINE = yaml.safe_load((REPOSITORY / "dvc.yaml").read_text())
STAGES = PIPELINE["stages"]
# What cannot change a result; dvc.yaml says so too.
UNLISTED = {
    "genre/work/cache.py", "genre/params.py", "genre/errors.py", "genre/work/parallel.py",
    "genre/work/folders.py", "stages/__init__.py",
}  # fmt: skip


def body(name: str) -> dict:
    return STAGES[name].get("do", STAGES[name])


def module_file(name: str) -> str | None:
    path = name.replace(".", "/")
    for file in (f"{path}.py", f"{path}/__init__.py"):
        if (REPOSITORY / file).is_file():
            return file
    return None


@functools.cache
def imported(file: str) -> frozenset[str]:
    """The project's files that a file imports or fills (its template), directly or not."""
    template = Path(file).with_suffix(".html")
    if template.suffix == Path(file).suffix:
        return frozenset()
    found = {str(template)} if (REPOSITORY / template).is_file() else set()
    for node in ast.walk(ast.parse((REPOSITORY / file).read_text())):
        if isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            found |= {module_file(name) for name in names} - {None}
    found = {name for name in found if not name.endswith("__init__.py")} - UNLISTED
    return frozenset(found.union(*(imported(name) for name in found)))


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_depends_on_the_code_that_it_runs_and_on_no_other(name):
    command = body(name)["cmd"].split()
    assert command[:2] == ["python", "-m"]
    script = command[2].replace(".", "/") + ".py"
    listed = set()
    for dependency in body(name)["deps"]:
        path = REPOSITORY / dependency
        if dependency.startswith(("genre/", "stages/")):
            assert path.exists(), dependency
            listed |= (
                {str(p.relative_to(REPOSITORY)) for p in path.glob("[!_]*.py")}
                if path.is_dir()
                else {dependency}
            )
    assert listed == {script, *imported(script)}


@pytest.mark.parametrize("name", [name for name in STAGES if name != "check_params"])
def test_a_stage_names_the_parameters_that_it_reads(name):
    command = body(name)["cmd"].split()
    source = (REPOSITORY / (command[2].replace(".", "/") + ".py")).read_text()
    read = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "params"
        ):
            read |= {"spectrogram", "features"} if node.attr == "needs_audio" else {node.attr}
    named = {entry.split(".")[0] for entry in body(name).get("params", [])}
    assert named == read


def test_every_variant_of_a_model_is_a_stage_of_its_own():
    assert STAGES["train_cnn"]["foreach"] == {
        name: {"pictures": v.pictures, "frame": v.frame, "training": training_key(name)}
        for name, v in CNNS.items()
    }
    assert STAGES["train_rnn"]["foreach"] == {
        name: {"sequences": v.sequences, "training": training_key(name)} for name, v in RNNS.items()
    }


def test_evaluation_reads_the_predictions_of_all_fourteen_models_and_the_baselines():
    assert len(MODELS) == 14
    assert "data/predictions" in body("evaluate")["deps"]
    written = set()
    for name in STAGES:
        each = [name.replace("train_", "") + f"-{key}" for key in STAGES[name].get("foreach", {})]
        for out in body(name)["outs"]:
            path = out if isinstance(out, str) else next(iter(out))
            if path.startswith("data/predictions/"):
                stem = path.removeprefix("data/predictions/").removesuffix(".csv")
                written |= set(each) if "${key}" in stem else {stem}
    assert written == {*MODELS, *BASELINES}


def test_every_stage_says_what_it_does():
    for name in STAGES:
        assert 10 < len(body(name)["desc"]) < 90


def test_nothing_that_only_prepares_or_evaluates_imports_a_deep_learning_library():
    for name in STAGES:
        script = body(name)["cmd"].split()[2].replace(".", "/") + ".py"
        trains = "genre/training/devices.py" in imported(script)
        assert trains == name.startswith("train_")
        if not trains:
            for file in filter(lambda file: file.endswith(".py"), (script, *imported(script))):
                assert "keras" not in (REPOSITORY / file).read_text(), file
