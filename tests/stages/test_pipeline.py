"""The whole pipeline, run by DVC in a clone of the project, on a tiny corpus."""

import html
import json
import re
import shutil
import sys

import keras
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from genre.corpus.online.sources import KAGGLE
from genre.features.log_mels import LogMels
from genre.features.patches import cut
from genre.models.variants import CNNS, models_of
from tests.conftest import REPOSITORY
from tests.project import BEYOND, TINY, Project, stages_run, wait_for_queue
from tests.stages.cards import run_cards
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
    r"dvc repro": r"up to date|Running stage 'summarise'",
    r"dvc repro --pull": r"Data and pipelines are up to date",
    r"dvc repro summarise": r"Stage 'summarise' didn't change|Running stage 'summarise'",
    r"dvc repro train_cnn@1\.0": r"Stage 'train_cnn@1\.0' didn't change",
    r"dvc pull( --run-cache)?": r"Everything is up to date|files? fetched",
    r"dvc push --run-cache": r"\d+ files? pushed",
    r"dvc remote add .*": r"Setting 'storage' as a default remote",
    r"dvc dag": r"\| check_params \|(.|\n)*\| summarise \|",
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
    r"python -m tools\.gather .*": r"accuracy +std +least(.|\n)*cnn-1\.4 +0\.\d+ +",
    r"python -m tools\.verify path/to/clone": r"all \d\d outputs are the same",
    r"python -m tools\.classify path/to/song\.mp3": r"song\.mp3: \w+ 0\.\d\d; then (.|\n)*  0:00 ",
    r"python -m tools\.classify path/to/songs .*": r"telephone\.wav: \w+ 0(.|\n)*\(hybrid-2\.0\)",
    r"cp presets/study\.yaml params\.yaml": r"^$",
}
EVALUATION = {"learn_ensembles", "evaluate", "robustness", "explain", "draw", "report", "summarise"}
CHAIN = {"train_hybrid", "ensembles", *EVALUATION}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The project after a full run, all committed."""
    project = Project(tmp_path_factory.mktemp("clone"), TINY | BEYOND)
    project.first_output = project.run("dvc repro")
    project.commit("a full run")
    return project


@pytest.fixture(autouse=True)
def start_from_main(request):
    if "project" in request.fixturenames:
        request.getfixturevalue("project").back_to("main")


def test_a_full_run_makes_everything(project):
    folder = project.folder
    tracks = pd.read_csv(folder / "data/tracks.csv")
    assert len(tracks) == 60
    split = json.loads((folder / "data/split.json").read_text())
    sizes = {name: len(split[name]) for name in ("train", "val", "test")}
    assert sizes == {"train": 36, "val": 12, "test": 12}
    copies = {"original": 1, "cropped": 1, "original_aug": 3, "cropped_aug": 3}
    copies["cropped_aug_inj"] = 6
    for version, count in copies.items():
        for name, size in sizes.items():
            pictures = list((folder / "data/pictures" / version / name).glob("*/*.png"))
            assert len(pictures) == size * (count if name == "train" else 1), (version, name)
            assert {p.stem[: len(p.parent.name) + 5] for p in pictures} == {
                track.replace(".", "") for track in split[name]
            }
        with Image.open(pictures[0]) as picture:
            assert picture.size == ((335, 217) if "cropped" in version else (432, 288))

    assert len(run_cards(folder, list(tracks["genre"]))) == 17
    assert len(pd.read_csv(folder / "data/features/features_3_sec.csv")) == 120
    assert len(pd.read_csv(folder / "data/features/features_30_sec.csv")) == 60
    chosen = {name.removeprefix("beyond."): numbers for name, numbers in BEYOND.items()
              if name.startswith("beyond.") and name != "beyond.networks"}  # fmt: skip
    models = models_of(chosen)
    assert len(models) == 20
    for model in models:
        place = "learned" if model in ("ensemble-3.4", "ensemble-3.5") else "predictions"
        table = pd.read_csv(folder / f"data/{place}/{model}.csv")
        assert list(table["track"]) == list(tracks["track"])
        np.testing.assert_allclose(table.iloc[:, 3:].sum(axis=1), 1.0, rtol=1e-5)
        report = json.loads((folder / f"metrics/models/{model}.json").read_text())
        test = table[table["split"] == "test"]
        guessed = test.iloc[:, 3:].idxmax(axis=1)
        assert report["accuracy"] == pytest.approx((guessed == test["genre"]).mean(), abs=1e-6)
        assert report["tracks"] == 12
    for line in ("INFO: 60 of 60 tracks in 10 genres", "INFO: cnn-1.4: 6 epochs in "):
        assert line in project.first_output
    assert "absl" not in project.first_output
    assert project.run("dvc status -q") == ""


def test_a_second_run_runs_nothing(project):
    output = project.run("dvc repro")
    assert "Data and pipelines are up to date." in output
    assert stages_run(output) == set()


def test_another_variant_trains_no_cnn_again(project):
    output = project.run("dvc exp run -S model.variant=1.3")
    assert stages_run(output) == {"check_params", *CHAIN}
    report = json.loads((project.folder / "metrics/models/cnn-1.3.json").read_text())
    assert project.summary()["cnn"] == {key: report[key] for key in ("accuracy", "f1")}


def test_another_rnn_runs_the_ensembles_again_only(project):
    output = project.run("dvc exp run -S rnn.variant=1.0")
    assert stages_run(output) == {"check_params", "ensembles", *EVALUATION}


def test_a_variant_that_does_not_exist_stops_at_once(project):
    output = project.run("dvc exp run -S model.variant=9.9", fails=True)
    *others, last = map(repr, CNNS)
    assert f"model.variant: should be {', '.join(others)} or {last}; it is 9.9" in output
    assert stages_run(output) == {"check_params"}


def test_noise_changes_what_depends_on_noise_only(project):
    output = project.run("dvc exp run -S noise.gaussian=0.2")
    assert stages_run(output) == {"check_params", "inject_noise", "train_cnn@1.3", *EVALUATION}


def test_metrics_of_two_branches_differ_in_what_changed_only(project):
    project.run("git checkout -q -b other")
    params = project.folder / "params.yaml"
    params.write_text(params.read_text().replace("variant: 1.4", "variant: 1.3"))
    project.run("dvc repro summarise")
    project.commit("another CNN")
    new = project.summary()
    output = project.run("dvc metrics diff main other --json")
    project.back_to("main")
    old = project.summary()
    expected = {(role, score) for role in old if isinstance(old[role], dict)
                for score in old[role] if old[role][score] != new[role][score]}  # fmt: skip
    diff = json.loads(output)["metrics/summary.json"]
    assert {tuple(name.split(".")) for name in diff} == expected
    assert "rnn" not in {role for role, _ in expected}
    assert "cnn" in {role for role, _ in expected}


def test_training_again_gives_the_same_bytes(project):
    before = project.hashes()
    output = project.run("dvc repro -s -f train_cnn@1.0 train_rnn@1.2 train_hybrid")
    assert stages_run(output) == {"train_cnn@1.0", "train_rnn@1.2", "train_hybrid"}
    assert project.hashes() == before


def test_saved_models_take_raw_input_and_predict_the_same(project):
    folder = project.folder
    table = pd.read_csv(folder / "data/predictions/hybrid-2.0.csv").set_index("track")
    features = pd.read_csv(folder / "data/features/features_30_sec.csv")
    raw = features.drop(columns=["filename", "length", "label"]).to_numpy("f4")
    pictures = []
    for track, split, genre in table[["split", "genre"]].itertuples():
        path = f"data/pictures/original/{split}/{genre}/{track.replace('.', '')}.png"
        with Image.open(folder / path) as picture:
            pictures.append(np.array(picture.convert("L").resize((48, 32), Image.BILINEAR)))
    x = {"picture": np.array(pictures)[..., None], "features": raw}
    model = keras.models.load_model(folder / "models/hybrid-2.0.keras")
    softmax = table.drop(columns=["split", "genre"]).to_numpy()
    np.testing.assert_allclose(model.predict(x, verbose=0), softmax, atol=1e-4)


def test_models_beyond_the_study_take_patches_of_sound_and_predict_the_same(project):
    folder = project.folder
    log_mels = LogMels.read(folder / "data/log_mels")
    patches = np.stack([cut(row.astype("f4"), stride=3) for row in log_mels.spectrograms])
    features = pd.read_csv(folder / "data/features/features_30_sec.csv")
    raw = features.drop(columns=["filename", "length", "label"]).to_numpy("f4")
    for name, x in (("musicnn-4.1", patches), ("musicnn-4.2", [patches, raw])):
        table = pd.read_csv(folder / f"data/predictions/{name}.csv", index_col="track")
        assert list(table.index) == list(log_mels.tracks)
        model = keras.models.load_model(folder / f"models/{name}.keras", safe_mode=True)
        softmax = table.drop(columns=["split", "genre"]).to_numpy()
        np.testing.assert_allclose(model.predict(x, verbose=0), softmax, atol=1e-4)


def test_what_is_said_of_a_corpus_track_is_its_row_in_the_tables(project):
    printed = project.run(f"{sys.executable} -m tests.stages.rows")
    found = dict(line.rsplit(" ", 1) for line in printed.splitlines() if line.startswith("row: "))
    assert len(found) == 20
    assert set(found.values()) == {"equal"}, printed


def test_models_hear_changed_tracks_and_what_they_lose_is_said(project):
    output = project.run("dvc exp run -S 'robustness.transformations=[first_10_s, band_4_khz]'")
    assert stages_run(output) == {"check_params", "robustness", "draw", "report"}
    table = pd.read_csv(project.folder / "data/robustness.csv")
    assert len(table) == 2 * 20
    metrics = json.loads((project.folder / "metrics/robustness.json").read_text())
    # Tracks of 6.5 s have no more than 10 s.
    assert all(cell["changed"] == 0 for cell in metrics["first_10_s"].values())
    assert any(cell["changed"] > 0 for cell in metrics["band_4_khz"].values())
    report = html.unescape((project.folder / "plots/report.html").read_text())
    assert metrics["verdict"] in report


def test_plots_hold_figures_and_data(project):
    project.run("dvc exp run -S model.variant=1.3")
    for command in ("dvc plots show", "dvc plots diff main"):
        shutil.rmtree(project.folder / "dvc_plots", ignore_errors=True)
        project.run(command)
        page = (project.folder / "dvc_plots/index.html").read_text()
        for title in ("Loss of the chosen CNN", "Confusion of the hybrid", "Test accuracy"):
            assert title in page
        assert page.count("<img") >= 5


def test_a_missing_corpus_is_an_error_that_names_the_parameter(project):
    changes = "-S data.source=folder -S data.path=data/raw"
    output = project.run(f"dvc exp run {changes}", fails=True)
    assert "ERROR: data.path: data/raw holds neither genres_original/GENRE/*.wav" in output
    assert stages_run(output) == {"check_params", "download"}


def readme_commands() -> list[str]:
    """Every command of the README, those in the prose first; parts joined by && one by one."""
    text = (REPOSITORY / "README.md").read_text()
    blocks = re.findall(r"```bash\n(.+?)```", text, flags=re.DOTALL)
    prose = re.sub(r"```.+?```", "", text, flags=re.DOTALL)
    inline = re.findall(r"`((?:cp|dvc|git|pip|pytest|python)\s[^`]+)`", prose)
    lines = inline + [line for block in blocks for line in block.splitlines()]
    return [part for line in lines for part in " ".join(line.split()).split(" && ")]


def expected_output(command: str) -> str:
    found = [prints for asked, prints in PRINTS.items() if re.fullmatch(asked, command)]
    assert len(found) == 1, f"{command}: PRINTS has {len(found)} entries for it"
    return found[0]


def test_every_command_of_the_readme_works_and_prints_what_it_should(project):
    folder = project.folder
    project.run("git checkout -q -b my-branch && sed -i 's/variant: 1.4/variant: 1.3/' params.yaml")
    project.run("dvc repro")
    project.commit("another CNN")
    project.back_to("main")
    shutil.copytree(folder / "data/audio", folder / "path/to/gtzan")
    # What kagglehub has after a download: it asks nobody for it again.
    kaggle = folder.parent / "kagglehub/datasets" / KAGGLE["gtzan"]
    shutil.copytree(folder / "data/audio", kaggle)
    (kaggle.parents[1] / "1.complete").touch()
    project.env["KAGGLEHUB_CACHE"] = str(folder.parent / "kagglehub")
    (folder / "path/to/clone").symlink_to(project.copy(folder.parent / "another").folder)
    write_songs(folder / "path/to")
    commands = readme_commands()
    asked = {"dvc repro", "dvc exp run -S model.variant=1.3", "dvc metrics diff", *ELSEWHERE}
    assert asked <= set(commands)
    for command in commands:
        if command in ELSEWHERE:
            continue
        # Queued experiments do not see the folder path/to; the one with noise has been run before.
        if "--queue" in command or "noise" in command:
            project.back_to("main")
        # Another corpus, split or seed changes all that follows: here little of it is run.
        few = "range(1,2)" if "train.seed" in command else "range(0,2)"
        command = re.sub(r"range\(0,\d+\)", few, command)
        if "-S data." in command:
            command += " crop sequences"
        if "-S split." in command:
            command += " split"
        elif "train.seed" in command and "--queue" in command:
            command += " train_rnn@1.0"
        printed = project.run(command)
        assert re.search(expected_output(command), printed), f"{command}\n{printed}"
        if command == "dvc queue start":
            wait_for_queue(project)
    assert (folder / "params.yaml").read_text() == (folder / "presets/study.yaml").read_text()
    project.run("dvc repro check_params")
