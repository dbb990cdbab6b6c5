"""Another length of segments: what is made of whole tracks is neither made again nor another."""

from pathlib import Path

import pandas as pd
import pytest
from dvc.repo import Repo

from tests.conftest import REPOSITORY, checksums, run_all_here, sine, write_audio, write_params
from tests.project import SMALL
from tests.stages.test_independence import prepared, run_with

SEGMENTS, WHOLE = "data/features/features_3_sec.csv", "data/features/features_30_sec.csv"


def results(folder: Path) -> set[Path]:
    return {path.parent for path in (folder / "cache").rglob("output.pkl")}


def test_features_of_whole_tracks_are_kept(tmp_path):
    for k, genre in enumerate(("blues", "jazz")):
        write_audio(tmp_path / f"corpus/{genre}/{genre}.00000.wav", sine(220.0 + k, 4.2))
    settings = {"data.source": "folder", "data.path": str(tmp_path / "corpus")}
    work = prepared(tmp_path / "work", tmp_path / "corpus")
    run_all_here(work, "download", "features")
    first, before = checksums(work), results(work)
    write_params(work, {**settings, "data.segment": 2.0})
    run_all_here(work, "download", "features")
    second = checksums(work)
    changed = {name for name in first if first[name] != second[name]}
    assert {name for name in changed if ".made" not in name} == {SEGMENTS}
    assert list(pd.read_csv(work / SEGMENTS)["length"]) == 2 * 2 * [44099]
    # One of the segments and one of the whole of each track; then of the segments alone.
    assert (len(before), len(results(work) - before)) == (2 * 2, 2)


def test_another_segment_takes_in_what_was_too_short_and_decodes_no_other_audio(tmp_path):
    for genre in ("blues", "jazz"):
        write_audio(tmp_path / f"corpus/{genre}/long.mp3", sine(220.0, 4.2))
    write_audio(tmp_path / "corpus/jazz/short.mp3", sine(330.0, 2.4))
    work = prepared(tmp_path / "work", tmp_path / "corpus")

    def run(segment: float) -> tuple[dict[str, int], pd.Series]:
        write_params(work, {**settings, "data.segment": segment})
        run_all_here(work, "download")
        files = sorted((work / "data/audio").rglob("*.wav"))
        rows = pd.read_csv(work / "data/tracks.csv", index_col="track", dtype=str)
        return {path.stem: path.stat().st_mtime_ns for path in files}, rows["reason"].fillna("")

    settings = {"data.source": "folder", "data.path": "../corpus", "data.min_usable": 0.5}
    first, reasons = run(3.0)
    assert list(first) == ["blues.long", "jazz.long"]
    assert reasons["jazz.short"] == "too short: 52920 samples of at least 66149"
    second, reasons = run(2.0)
    assert list(second) == ["blues.long", "jazz.long", "jazz.short"]
    assert not any(reasons)
    assert {name: second[name] for name in first} == first
    assert run(3.0)[0] == first


@pytest.mark.usefixtures("all_cores")
def test_the_demo_corpus_is_not_made_again(tmp_path):
    def run(segment: float) -> dict[Path, int]:
        write_params(tmp_path, {**SMALL, "data.segment": segment})
        run_with({}, tmp_path, ["download"])
        files = sorted((tmp_path / "data/audio").rglob("*.wav"))
        return {path: path.stat().st_mtime_ns for path in files}

    made = run(3.0)
    assert len(made) == 50
    assert run(2.0) == made


def test_no_model_of_whole_tracks_depends_on_segments():
    with Repo(str(REPOSITORY)) as repo:
        readers = {
            name: {
                stage.addressing
                for stage in repo.index.stages
                if any(f"{name}/".startswith(f"{dependency}/") for dependency in stage.deps)
            }
            for name in (SEGMENTS, WHOLE)
        }
    linear = {name for name in readers[WHOLE] if name.startswith("train_linear@")}
    models = {"baselines", "explain", "train_hybrid", *linear}
    assert readers == {SEGMENTS: {"sequences"}, WHOLE: models}
