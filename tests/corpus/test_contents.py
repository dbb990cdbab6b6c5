"""Recordings that a corpus holds twice, as the stage finds them and recalls what it found."""

import json

import numpy as np
import pandas as pd
import pytest

from genre.corpus.contents import find_duplicates, summarise
from genre.corpus.demo.performance import make_track
from genre.corpus.tracks import read_all_tracks, read_tracks, write_tracks
from genre.randomness import generator
from genre.work.cache import read_record, write_record
from tests.conftest import SR, run_all_here, write_audio, write_params

SECONDS = 13.0


def music(number: int) -> np.ndarray:
    return make_track("rock", generator(number, "contents"), duration=SECONDS, sr=SR, borrow=0.0)


@pytest.mark.parametrize("audio", [True, False])
def test_what_only_audio_tells_is_counted_where_there_is_audio(tmp_path, audio):
    heard = {"sha256": "a", "samples": 441000, "duration": 20.0, "sr": SR, "channels": 2}
    heard |= {"file_duration": 20.0}
    heard |= {"clipped": 3}
    pictured = [{"track": f"rock.{k}", "genre": "rock", "reason": ""} for k in range(3)]
    pictured[2]["reason"] = "no picture in images_original/"
    path = tmp_path / "tracks.csv"
    write_tracks([row | (heard if audio else {}) for row in pictured], path)
    pairs = find_duplicates(read_tracks(path), [])
    report = summarise(read_all_tracks(path), pairs, sr=SR, length=30 * SR)
    counts = {
        "silent": 0, "exact_duplicates": 1, "near_duplicates": 0, "clipped": 2, "short": 2,
        "only_the_middle": 0,         "mixed_down": 2, "resampled": 0,
    }  # fmt: skip
    expected = counts if audio else dict.fromkeys(counts, "not looked for")
    assert {name: report[name] for name in counts} == expected
    assert (report["tracks"], report["usable"], report["genres"]) == (3, 2, {"rock": 2})


@pytest.fixture
def work(tmp_path):
    """Three recordings in four tracks: the last is the first, later and softer; another genre."""
    tracks = [music(k) for k in range(3)]
    tracks.append(0.5 * tracks[0][int(1.5 * SR) :])
    for k, samples in enumerate(tracks):
        write_audio(tmp_path / f"corpus/rock/rock.{k:05d}.wav", samples)
    write_audio(tmp_path / "corpus/jazz/jazz.00000.wav", music(3))
    write_params(tmp_path, {"data.source": "folder", "data.path": "corpus"})
    return tmp_path


def found(work) -> tuple[pd.DataFrame, str]:
    """What the corpus holds twice after it was taken in, and what was said."""
    said = run_all_here(work, "download", "check_corpus")
    return pd.read_csv(work / "data/duplicates.csv"), said


def pairs(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(table[["track", "other", "kind"]].itertuples(index=False, name=None))


def compared(work) -> set[str]:
    return {name.split()[0] for name in read_record(work / "data/duplicates.csv")["compared"]}


def test_a_near_duplicate_is_found_kept_and_recalled(work):
    first, said = found(work)
    assert pairs(first) == [("rock.00000", "rock.00003", "near")]
    assert first["offset"][0] == pytest.approx(-1.5, abs=0.1)
    assert "WARNING: rock.00000 and rock.00003 are near duplicates" in said
    assert json.loads((work / "metrics/corpus.json").read_text())["near_duplicates"] == 1
    assert compared(work) == {"jazz.00000", *(f"rock.{k:05d}" for k in range(4))}
    again, _ = found(work)
    pd.testing.assert_frame_equal(again, first)


def test_what_is_recalled_is_not_compared_again(work):
    first, _ = found(work)
    record = work / "data/.made/duplicates.csv.json.gz"
    before = record.read_bytes()
    (work / "data/duplicates.csv").unlink()
    again, _ = found(work)
    pd.testing.assert_frame_equal(again, first)
    assert record.read_bytes() == before
    # Without the pair in the record it is not found: nothing was compared.
    kept = read_record(work / "data/duplicates.csv")
    write_record({**kept, "matches": []}, work / "data/duplicates.csv")
    assert pairs(found(work)[0]) == []
    record.unlink()
    assert pairs(found(work)[0]) == pairs(first)


def test_a_new_track_is_compared_with_all_and_a_removed_one_is_forgotten(work):
    found(work)
    write_audio(work / "corpus/rock/rock.00004.wav", 0.7 * music(1))
    grown, _ = found(work)
    assert pairs(grown) == [
        ("rock.00000", "rock.00003", "near"),
        ("rock.00001", "rock.00004", "near"),
    ]
    (work / "corpus/rock/rock.00000.wav").unlink()
    write_audio(work / "corpus/rock/rock.00002.wav", music(1))
    changed, _ = found(work)
    assert pairs(changed) == [
        ("rock.00001", "rock.00002", "exact"),
        ("rock.00001", "rock.00004", "near"),
        ("rock.00002", "rock.00004", "near"),
    ]
    fresh = found_afresh(work)
    pd.testing.assert_frame_equal(changed, fresh)


def found_afresh(work) -> pd.DataFrame:
    for record in (work / "data").rglob(".made/*"):
        record.unlink()
    return found(work)[0]
