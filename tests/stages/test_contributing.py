"""CONTRIBUTING.md, followed: what it says of adding a model, and where it says things are."""

import re

import pytest
import yaml

from tests.conftest import REPOSITORY
from tests.project import stages_run

PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text()


def test_a_cnn_is_added_by_one_line(full_run, tmp_path):
    section = re.search(r"## A CNN or an RNN\n(.*?)\n## ", PAGE, flags=re.DOTALL)[1]
    line = re.search(r"```yaml\n(.*?\n)```", section, flags=re.DOTALL)[1]
    commands = re.search(r"```bash\n(.*?)```", section, flags=re.DOTALL)[1].splitlines()
    assert commands == ["dvc repro train_cnn@1.5", "dvc exp run -S model.variant=1.5"]
    (name,) = yaml.safe_load(line)

    project = full_run.twin(tmp_path / "clone")
    variants = project.folder / "genre/models/variants.yaml"
    (file,) = re.findall(r"One line in `(.*?)`", section)
    assert project.folder / file == variants
    variants.write_text(variants.read_text().replace("\n\nrnns:", f"\n{line}\nrnns:"))
    project.commit("another CNN")

    assert stages_run(project.run(commands[0])) == {f"train_cnn@{name}"}
    assert (project.folder / f"data/predictions/cnn-{name}.csv").is_file()
    assert "didn't change" in project.run("dvc repro -s train_cnn@1.0")
    params = project.folder / "params.yaml"
    params.write_text(params.read_text().replace("variant: 1.4", f"variant: {name}"))
    assert stages_run(project.run("dvc repro train_hybrid")) == {"check_params", "train_hybrid"}
    params.write_text(params.read_text().replace(f"variant: {name}", "variant: 1.6"))
    output = project.run("dvc repro check_params", fails=True)
    assert f"'1.4' or '{name}'; it is 1.6" in output


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w.-]+/[\w./-]*)`", PAGE))))
def test_what_the_page_names_is_there(path):
    if not path.startswith(("data/", "plots/", "metrics/")):  # which runs make
        assert (REPOSITORY / path).exists()


def test_eleven_questions_are_answered():
    rows = re.findall(r"^\| (.+\?) \| (.+) \|$", PAGE, flags=re.MULTILINE)
    assert len(rows) == 11
