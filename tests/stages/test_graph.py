"""dvc.yaml against the code: every stage depends on what it runs, and on nothing else."""

import ast
import re
import shutil
from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo

from genre.models.names import BASELINES, ENSEMBLES
from genre.models.variants import CNNS, MODELS, RNNS, models_of
from genre.params import Params, load_params
from genre.work.code import WITHOUT_EFFECT, imported_files
from tests.conftest import REPOSITORY, demo_values, write_params
from tests.stages.reading import names_of_group, parameters_read

PIPELINE = yaml.safe_load((REPOSITORY / "dvc.yaml").read_text())
STAGES = PIPELINE["stages"]
NO_RESULT = {"train.backup"}  # a parameter that changes none


def body(name: str) -> dict:
    return STAGES[name].get("do", STAGES[name])


def script(name: str) -> str:
    command = body(name)["cmd"].split()
    assert command[:2] == ["python", "-m"]
    return command[2].replace(".", "/") + ".py"


def code_of(name: str) -> set[str]:
    """The files that a stage runs, and what lies beside them: a template, a table."""
    files = imported_files(script(name)) - {"stages/__init__.py"}
    beside = {
        str(Path(file).with_suffix(kind))
        for file in files
        for kind in (".css", ".html", ".md", ".yaml")
    }
    beside |= {str(Path(file).parent / text) for file in files for text in texts(file)
               if re.fullmatch(r"[\w/]+\.csv", text)}  # fmt: skip
    return files | {file for file in beside if (REPOSITORY / file).is_file()}


def texts(file: str) -> set[str]:
    """The strings that stand in a file of code."""
    nodes = ast.walk(ast.parse((REPOSITORY / file).read_text()))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_the_lock_has_the_stages_that_there_are():
    """DVC leaves those in it that are no more, whose outputs would pass for results."""
    lock = yaml.safe_load((REPOSITORY / "dvc.lock").read_text())
    with Repo(str(REPOSITORY)) as repo:
        assert set(lock["stages"]) == {stage.name for stage in repo.index.stages}


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_depends_on_the_code_that_it_runs_and_on_no_other(name):
    listed = [path for path in body(name)["deps"] if path.startswith(("genre/", "stages/"))]
    assert sorted(listed) == sorted(code_of(name))


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_lists_the_files_that_its_code_names_and_no_other(name):
    """Paths such as `data/split.json`, or their beginnings, in the stage and what it imports."""
    paths = {str(path) for path in body(name)["deps"] if not path.startswith(("genre/", "stages/"))}
    given = {path for path in paths if path.startswith("${")}
    given |= {"data/params_checked.txt"} if name != "check_params" else {"params.yaml"}
    paths -= given
    outs = {out if isinstance(out, str) else next(iter(out)) for out in body(name)["outs"]}
    named = {
        text
        for file in code_of(name) if file.endswith(".py")
        for text in texts(file)
        if re.fullmatch(r"(data|metrics|models|plots)/[\w./-]*", text)
    }  # fmt: skip

    def related(one: str, others: set[str]) -> bool:
        return any(one.startswith(other) or other.startswith(one) for other in others)

    unlisted = {path for path in named if not related(path, paths | outs)}
    assert not unlisted, f"{name}: reads or writes {unlisted}, which dvc.yaml does not list"
    unread = {path for path in paths if not related(path, named)}
    assert not unread, f"{name}: {unread} is listed, and nothing reads it"


def test_what_is_not_listed_is_said_so_in_the_graph_file():
    head = (REPOSITORY / "dvc.yaml").read_text().partition("vars:")[0]
    for path in (*WITHOUT_EFFECT, "stages/__init__.py"):
        assert path in head
        assert (REPOSITORY / path).exists()
    for name in NO_RESULT:
        assert name in head


@pytest.mark.parametrize("name", [name for name in STAGES if name != "check_params"])
def test_a_stage_names_the_parameters_that_it_reads_and_no_other(name):
    read, chosen = parameters_read(REPOSITORY / script(name))
    named = set()
    for entry in body(name).get("params", []):
        group, _, item = entry.partition(".${")
        if item:  # one of a group, by what the variant names
            assert group in chosen, f"{entry}: {script(name)} does not choose from {group}"
            chosen.remove(group)
        else:
            named |= names_of_group(entry)
    assert named == read - NO_RESULT
    assert chosen == set()


def test_the_library_is_given_values_and_reads_no_parameters():
    for path in (REPOSITORY / "genre").rglob("*.py"):
        if path.name != "params.py":
            assert "genre/params.py" not in imported_files(str(path.relative_to(REPOSITORY)))
            source = path.read_text()
            assert "genre.params" not in source and "import params" not in source, path


def test_every_parameter_is_read_by_some_stage():
    read = set()
    for name in STAGES:
        if name != "check_params":
            found, chosen = parameters_read(REPOSITORY / script(name))
            read |= found.union(*(names_of_group(group) for group in chosen))
    assert read == names_of_group("", Params)


def test_the_stages_are_in_the_order_of_the_data():
    with Repo(str(REPOSITORY)) as repo:
        order = {stage.addressing: place for place, stage in enumerate(repo.index.stages)}
        made = {str(out): stage.addressing for stage in repo.index.stages for out in stage.outs}
        for stage in repo.index.stages:
            for dependency in map(str, stage.deps):
                for output, maker in made.items():
                    if f"{output}/".startswith(f"{dependency}/"):
                        assert order[maker] < order[stage.addressing], (maker, stage.addressing)


def test_every_variant_is_a_stage_and_has_its_settings():
    with Repo(str(REPOSITORY)) as repo:
        commands = {stage.addressing: stage.cmd for stage in repo.index.stages}
    values = demo_values()
    for kind, variants in (("cnn", CNNS), ("rnn", RNNS)):
        for name, variant in variants.items():
            command = commands[f"train_{kind}@{name}"]
            assert command.startswith(f"python -m stages.train_{kind} {name} --architecture ")
            for option, value in variant.items():
                assert f"--{option} {value}" in command
            assert variant["training"] in values[kind]["training"]
    for variant in CNNS.values():
        assert (variant["frame"] == "cropped") == variant["pictures"].startswith("cropped")


def test_evaluation_reads_the_predictions_of_all_models_and_baselines():
    assert len(MODELS) == len(CNNS) + len(RNNS) + 1 + len(ENSEMBLES)
    assert "data/predictions" in body("evaluate")["deps"]
    with Repo(str(REPOSITORY)) as repo:
        outs = [str(out) for stage in repo.index.stages for out in stage.outs]
    written = {Path(out).stem for out in outs if out.startswith("data/predictions/")}
    chosen = load_params(REPOSITORY / "params.yaml").beyond.chosen()
    assert written == {*models_of({**chosen, "learned": []}), *BASELINES}


def test_a_model_beyond_the_study_can_be_left_out(tmp_path):
    """With it, what is made for it alone; the rest of the graph stays as it is."""
    for name in ("dvc.yaml", "genre/models/variants.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    Repo.init(str(tmp_path), no_scm=True)

    def stages(changes: dict[str, object]) -> set[str]:
        write_params(tmp_path, changes)
        with Repo(str(tmp_path)) as repo:
            return {stage.addressing.rpartition(":")[2] for stage in repo.index.stages}

    without = stages({})
    networks = {"beyond.networks": ["MTT_musicnn"]}
    assert stages(networks) - without == {"embed@MTT_musicnn"}
    both = stages(networks | {"beyond.linear": [4.1, 4.2]})
    assert both - without == {"embed@MTT_musicnn", "train_linear@4.1", "train_linear@4.2"}
    one = stages(networks | {"beyond.linear": ["4.2"]})
    assert both - one == {"train_linear@4.1"}
    assert without < one


def test_the_curves_of_all_networks_can_be_watched():
    assert any("plots/curves" in entry for entry in PIPELINE["plots"])
    # One of DVC's own there would be taken for curves, and be part of what draw depends on.
    assert "/curves/*.csv" in (REPOSITORY / "plots/.gitignore").read_text().splitlines()


def test_an_artifact_is_what_a_stage_makes_and_says_what_it_is():
    with Repo(str(REPOSITORY)) as repo:
        outs = {str(out) for stage in repo.index.stages for out in stage.outs}
        artifacts = repo.artifacts.read()["dvc.yaml"]
    for name, artifact in artifacts.items():
        assert artifact.labels or artifact.type == "cards"
        assert {artifact.path, str(Path(artifact.path).parent)} & outs, name
        assert artifact.type in ("model", "weights", "cards")
        assert len(artifact.desc) > 10
    chosen = load_params(REPOSITORY / "params.yaml")
    paths = {artifact.path for artifact in artifacts.values()}
    made = {out for out in outs if out.endswith(".keras") or out.startswith("data/learned/")}
    assert made <= paths
    paths_of = {name: artifact.path for name, artifact in artifacts.items()}
    assert paths_of["cnn"] == f"models/cnn-{chosen.model.variant}.keras"
    assert paths_of["rnn"] == f"models/rnn-{chosen.rnn.variant}.keras"


def test_every_stage_says_what_it_does():
    for name in STAGES:
        assert 10 < len(body(name)["desc"]) < 90


def test_nothing_that_only_prepares_or_evaluates_imports_a_deep_learning_library():
    for name in STAGES:
        trains = "genre/training/devices.py" in code_of(name)
        assert trains == (name in ("embed", "explain", "robustness") or name.startswith("train_"))
        if not trains:
            for file in filter(lambda file: file.endswith(".py"), code_of(name)):
                for node in ast.walk(ast.parse((REPOSITORY / file).read_text())):
                    names = [alias.name for alias in getattr(node, "names", [])]
                    for module in (getattr(node, "module", None) or "", *map(str, names)):
                        assert module.split(".")[0] not in {"keras", "tensorflow", "jax"}, file
