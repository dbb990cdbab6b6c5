"""What one run has made, others take: from a remote, and from a cache that they share."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from genre.corpus.demo.styles import GENRES
from tests.conftest import on_all_cores, write_corpus, write_params
from tests.project import SMALL, Project, stages_run

TARGET = "dvc repro train_rnn@1.0"


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> dict[str, object]:
    """Parameters for a small corpus in a folder."""
    folder = write_corpus(tmp_path_factory.mktemp("corpus"), GENRES[:3], seconds=3.0)
    return {**SMALL, "data.source": "folder", "data.path": str(folder)}


def test_what_one_has_run_another_pulls(tmp_path, settings):
    first = Project(tmp_path / "first", {**settings, "rnn.variant": 1.0})
    first.run(f"dvc remote add --default storage {tmp_path / 'storage'}")
    first.run(TARGET)
    first.commit("a run")
    first.run("dvc push")
    taken = tmp_path / "taken.keras"
    first.run("git tag -a rnn@v1.0.0 -m first")
    first.run(f"cd {tmp_path} && dvc artifacts get {first.folder} rnn -o {taken}")
    assert taken.read_bytes() == (first.folder / "models/rnn-1.0.keras").read_bytes()
    first.run("git tag -a rnn-1-0@v1.0.0 -m first")
    first.run(f"cd {tmp_path} && dvc artifacts get {first.folder} rnn-1-0 -o {tmp_path}/same.keras")
    assert (tmp_path / "same.keras").read_bytes() == taken.read_bytes()
    ask = f"from dvc.api import artifacts_show; print(artifacts_show('rnn', repo='{first.folder}'))"
    assert "'path': 'models/rnn-1.0.keras'" in first.run(f'python -c "{ask}"')
    second = first.clone(tmp_path / "second")
    second.run("dvc pull --with-deps train_rnn@1.0")
    assert stages_run(second.run(TARGET)) == set()
    for name in ("models/rnn-1.0.keras", "data/features/features_3_sec.csv"):
        assert (second.folder / name).read_bytes() == (first.folder / name).read_bytes()

    for person in (first, second):
        params = person.folder / "params.yaml"
        before = params.read_text()
        params.write_text(before.replace("learning_rate: 0.001", "learning_rate: 0.002"))
        assert params.read_text() != before
    assert "train_rnn@1.0" in stages_run(first.run(TARGET))
    first.run("dvc push --run-cache")
    second.run("dvc pull --with-deps --run-cache train_rnn@1.0")
    assert stages_run(second.run(f"{TARGET} --pull")) == set()
    assert second.hashes() == first.hashes()


def test_two_runs_at_once_on_one_cache_end_as_each_alone(tmp_path, settings):
    """Two experiments that differ in the noise, which share DVC's cache and the kept results."""
    targets = "dvc repro inject_noise"
    changes = [{**settings, "noise.gaussian": 0.1}, {**settings, "noise.gaussian": 0.2}]
    alone = Project(tmp_path / "alone", changes[0])
    hashes = []
    for change in changes:
        write_params(alone.folder, change)
        alone.run(targets)
        hashes.append(alone.hashes())
    assert hashes[0] != hashes[1]

    together = [Project(tmp_path / f"both{k}", change) for k, change in enumerate(changes)]
    for project in together:
        project.env["GENRE_CACHE"] = str(tmp_path / "results")
        project.env["LOKY_MAX_CPU_COUNT"] = "1"  # they are two already
        project.run(f"dvc config cache.dir {tmp_path / 'cache'}")
    with on_all_cores(), ThreadPoolExecutor() as threads:
        list(threads.map(lambda project: project.run(targets), together))
    assert [project.hashes() for project in together] == hashes
    for project in together:
        assert stages_run(project.run(targets)) == set()
