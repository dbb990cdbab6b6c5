"""Every command of the README, in a clone of the project, on a tiny corpus."""

import json
import re
import shutil

import pytest

from genre.corpus.online.sources import KAGGLE
from tests.conftest import REPOSITORY
from tests.project import EVALUATION, Project, stages_run, wait_for_queue
from tests.stages.songs import write_songs

ELSEWHERE = {  # what .ci/run and the hosted checks do, what only a machine with a GPU needs
    "python -m venv .venv",
    "source .venv/bin/activate",
    "pip install --no-deps -r requirements.txt",
    "pip install --no-deps -r requirements-dev.txt",
    "pytest",
    "pip install 'tensorflow[and-cuda]==2.21.0'",
    "python -m tools.worker SCHEDULER",  # test_parallel.py starts two
    "pip install --no-deps -r requirements-page.txt",
    "python -m tools.page",  # test_page.py opens it
    "python -m tools.verify",  # runs all once more: test_verify.py has it run less
}
# What each of the README's other commands prints, run one after the other by the test below.
PRINTS = {
    r"dvc repro": r"up to date|Running stage 'report'",
    r"dvc repro --pull": r"Data and pipelines are up to date",
    r"dvc repro ensembles": r"Stage 'ensembles' didn't change|Running stage 'ensembles'",
    r"dvc repro train_cnn@1\.0": r"Stage 'train_cnn@1\.0' didn't change",
    r"dvc pull( --run-cache)?": r"Everything is up to date|files? fetched",
    r"dvc push --run-cache": r"\d+ files? pushed",
    r"dvc remote add .*": r"Setting 'storage' as a default remote",
    r"dvc dag": r"\| check_params \|(.|\n)*\| report \|",
    r"dvc metrics show": r"metrics/summary\.json +0\.\d+ +0\.\d+",
    r"dvc metrics show metrics/models/\S+": r"accuracy_low(.|\n)*cnn-1\.0\.json +0\.\d",
    r"dvc metrics diff( main my-branch)?": r"metrics/summary\.json +cnn\.\w+( +-?0\.\d+){3}",
    r"dvc plots (show|diff)": r"file:///.*/dvc_plots/index\.html",
    r"dvc exp show .*": r"model\.variant(.|\n)* 1\.3 ",
    r"dvc exp run -S (model|noise).*": r"Ran experiment\(s\): [\w-]+",
    r"dvc exp run -S data.* crop sequences": r"60 of 60 tracks in 10 genres(.|\n)*Ran experiment",
    r"dvc exp run -S split\.scheme=grouped split": r"grouped split: \d+ train, \d+ val, \d+ test",
    r"dvc exp run --queue .*": r"Queued experiment '[\w-]+'",
    r"dvc queue start": r"Started '\d+' new experiments task queue worker",
    r"python -m tools\.gather split\.fold": r"accuracy +std +least(.|\n)*cnn-1\.4( +0\.\d+){3}",
    r"python -m tools\.gather train\.seed": r"accuracy +std +least(.|\n)*cnn-1\.4 +0\.\d+ +",
    r"python -m tools\.verify path/to/clone": r"all \d\d outputs are the same",
    r"python -m tools\.classify path/to/song\.mp3": r"song\.mp3: \w+ 0\.\d\d; then (.|\n)*  0:00 ",
    r"python -m tools\.classify path/to/songs .*": r"telephone\.wav: \w+ 0(.|\n)*\(hybrid-2\.0\)",
    r"cp presets/study\.yaml params\.yaml": r"^$",
}
START = "dvc queue start"
ANOTHER = "dvc exp run -S model.variant=1.3"


@pytest.fixture(scope="module")
def project(full_run, tmp_path_factory) -> Project:
    """The project after a full run, and a branch that has another CNN."""
    project = full_run.twin(tmp_path_factory.mktemp("readme") / "clone")
    project.first_output = project.run(ANOTHER)
    project.run("git checkout -q -b my-branch")
    project.commit("another CNN")
    return project


def test_another_variant_trains_no_cnn_again(project):
    project.back_to("my-branch")
    expected = {"check_params", "train_hybrid", "ensembles", *EVALUATION}
    assert stages_run(project.first_output) == expected
    report = json.loads((project.folder / "metrics/models/cnn-1.3.json").read_text())
    assert project.summary()["cnn"] == {key: report[key] for key in ("accuracy", "f1")}


def test_metrics_of_two_branches_differ_in_what_changed_only(project):
    summaries = []
    for branch in ("my-branch", "main"):
        project.back_to(branch)
        summaries.append(project.summary())
    new, old = summaries
    expected = {(role, score) for role in old if isinstance(old[role], dict)
                for score in old[role] if old[role][score] != new[role][score]}  # fmt: skip
    output = project.run("dvc metrics diff main my-branch --json")
    diff = json.loads(output)["metrics/summary.json"]
    assert {tuple(name.split(".")) for name in diff} == expected
    assert "rnn" not in {role for role, _ in expected}
    assert "cnn" in {role for role, _ in expected}


def test_plots_hold_figures_and_data(project):
    project.back_to("my-branch")
    for command in ("dvc plots show", "dvc plots diff main"):
        shutil.rmtree(project.folder / "dvc_plots", ignore_errors=True)
        project.run(command)
        page = (project.folder / "dvc_plots/index.html").read_text()
        for title in ("Loss of the chosen CNN", "Confusion of the hybrid", "Test accuracy"):
            assert title in page
        assert page.count("<img") >= 5
    start = page.index("Loss of the chosen CNN")
    drawn = page[page.rindex("<div", 0, start) : page.index("</script>", start)]
    assert set(re.findall(r'"rev": ?"([^"]+)"', drawn)) == {"main", "workspace"}


def readme_commands() -> list[str]:
    """Every command of the README, those in the prose first; parts joined by && one by one."""
    text = (REPOSITORY / "README.md").read_text()
    blocks = re.findall(r"```bash\n(.+?)```", text, flags=re.DOTALL)
    prose = re.sub(r"```.+?```", "", text, flags=re.DOTALL)
    inline = re.findall(r"`((?:cp|dvc|git|pip|pytest|python)\s[^`]+)`", prose)
    lines = inline + [line for block in blocks for line in block.splitlines()]
    return [part for line in lines for part in " ".join(line.split()).split(" && ")]


def commands_in_order() -> list[str]:
    """Each command once, where it stands last; one worker runs all that the README queues."""
    last = {command: place for place, command in enumerate(readme_commands())}

    def place(command: str) -> int:
        return max(last[command], last[START]) if "tools.gather" in command else last[command]

    return sorted(last, key=place)


def expected_output(command: str) -> str:
    found = [prints for asked, prints in PRINTS.items() if re.fullmatch(asked, command)]
    assert len(found) == 1, f"{command}: PRINTS has {len(found)} entries for it"
    return found[0]


def test_every_command_of_the_readme_works_and_prints_what_it_should(project):
    folder = project.folder
    project.back_to("main")
    shutil.copytree(folder / "data/audio", folder / "path/to/gtzan")
    # What kagglehub has after a download: it asks nobody for it again.
    kaggle = folder.parent / "kagglehub/datasets" / KAGGLE["gtzan"]
    shutil.copytree(folder / "data/audio", kaggle)
    (kaggle.parents[1] / "1.complete").touch()
    project.env["KAGGLEHUB_CACHE"] = str(folder.parent / "kagglehub")
    (folder / "path/to/clone").symlink_to(project.copy(folder.parent / "another").folder)
    write_songs(folder / "path/to")
    commands = commands_in_order()
    assert {"dvc repro", ANOTHER, "dvc metrics diff", *ELSEWHERE} <= set(commands)
    queued = 0
    for command in commands:
        if command in ELSEWHERE:
            continue
        # Queued experiments do not see the folder path/to; noise is to be all that changes.
        if "--queue" in command or "noise" in command:
            project.back_to("main")
        # Another corpus, split, seed or noise changes all that follows: here little of it is run.
        few = "range(1,2)" if "train.seed" in command else "range(0,2)"
        command = re.sub(r"range\(0,\d+\)", few, command)
        if "-S data." in command:
            command += " crop sequences"
        if "-S split." in command:
            command += " split"
        elif "train.seed" in command and "--queue" in command:
            command += " train_rnn@1.0"
        elif "noise" in command:
            command += " train_cnn@1.3"
        # A worker waits for more to do, and would not let go of a pipe.
        kept = " > ../queue.txt 2>&1 && cat ../queue.txt" if command == START else ""
        if command == ANOTHER:  # which ran before
            printed = project.first_output
            project.run("git checkout -q my-branch -- . && dvc checkout -q")
        else:
            printed = project.run(f"{command}{kept}")
        assert re.search(expected_output(command), printed), f"{command}\n{printed}"
        queued += printed.count("Queued experiment '")
        if "noise" in command:
            assert stages_run(printed) == {"check_params", "inject_noise", "train_cnn@1.3"}
            assert project.stale() == EVALUATION
        if command == START:
            wait_for_queue(project, queued)
    assert (folder / "params.yaml").read_text() == (folder / "presets/study.yaml").read_text()
    project.run("dvc repro check_params")
