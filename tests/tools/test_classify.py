import csv
import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import yaml

from genre.classification.answers import Answer
from genre.classification.songs import Song
from genre.errors import InputError
from genre.params import Params
from tests.conftest import REPOSITORY, changed, demo_values
from tools import classify
from tools.loading import BROUGHT, MADE_UP, cautions
from tools.provenance import best_model, check_unchanged

GENRES = ["blues", "jazz", "rock"]
NAMES = ("cnn-1.0", "rnn-1.0", "musicnn-4.2")


def answer(*rows):
    return Answer("musicnn-4.2", GENRES, np.array(rows))


def test_a_model_has_a_name_and_a_number():
    assert classify.chosen(NAMES, "musicnn-4.2") == "musicnn-4.2"
    assert classify.chosen(NAMES, "4.2") == "musicnn-4.2"
    with pytest.raises(InputError, match=r"1\.0 may be cnn-1\.0 or rnn-1\.0"):
        classify.chosen(NAMES, "1.0")
    with pytest.raises(InputError, match=r"9\.9 is none of cnn-1\.0, rnn-1\.0, musicnn-4\.2"):
        classify.chosen(NAMES, "9.9")


def test_folders_give_their_audio_and_count_the_rest(tmp_path, caplog):
    for name in ("b.mp3", "deep/a.WAV", "cover.jpg", ".hidden.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    with caplog.at_level("INFO"):
        songs = classify.find_songs([str(tmp_path), "elsewhere.ogg"])
    assert songs == [tmp_path / "b.mp3", tmp_path / "deep/a.WAV", Path("elsewhere.ogg")]
    assert "2 songs, and 2 files that are none" in caplog.text
    with pytest.raises(InputError, match="no audio"):
        classify.find_songs([str(tmp_path / "deep/.."), str(tmp_path)][:0])


def test_a_long_song_is_told_over_time():
    song = Song(Path("a song.mp3"), "", 100.0, [0.0, 35.0, 70.0], [30.0, 65.0, 100.0], 1)
    said = {"musicnn-4.2": answer([0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.5, 0.3])}
    assert list(classify.as_lines(song, said)) == [
        "a song.mp3: jazz 0.50; then blues 0.33, rock 0.17",
        "  0:00 blues 0.70, 0:35 jazz 0.80, 1:10 jazz 0.50",
        "  silent excerpts, of which nothing is said: 1",
    ]
    record = classify.as_record(song, said)["models"]["musicnn-4.2"]
    assert record["genre"] == "jazz"
    assert record["genres"] == {"jazz": 0.5, "blues": 0.3333, "rock": 0.1667}
    assert record["over_time"][1] == {"from": 35.0, "to": 65.0, "genre": "jazz", "probability": 0.8}


def test_a_table_has_a_row_for_each_song_and_model_and_for_each_fault(tmp_path):
    song = Song(Path("ü, 1.mp3"), "", 30.0, [0.0], [30.0])
    said = {"cnn-1.0": answer([0.7, 0.2, 0.1]), "rnn-1.0": answer([0.1, 0.2, 0.7])}
    broken = Song(Path("b.mp3"), "silent", 12.5)
    records = [classify.as_record(song, said), classify.as_record(broken, {})]
    assert list(classify.as_lines(broken, {})) == ["b.mp3: silent"]
    with classify.open_table(tmp_path / "table.csv") as table:
        for record, count in zip(records, (2, 3), strict=True):
            table.writerows(classify.as_rows(record))
            with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            assert len(rows) == count, "what was found is kept if the rest is not waited for"
    assert [list(row.values()) for row in rows] == [
        ["ü, 1.mp3", "30.0", "cnn-1.0", "blues", "0.7", ""],
        ["ü, 1.mp3", "30.0", "rnn-1.0", "rock", "0.7", ""],
        ["b.mp3", "12.5", "", "", "", "silent"],
    ]


def test_a_table_that_cannot_be_written_is_an_error(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere/table.csv"):
        with pytest.raises(InputError, match="--csv: .* cannot be written"):
            classify.open_table(place).__enter__()
    with classify.open_table(None) as table:
        table.writerow({"file": "a.mp3"})


def test_no_table_is_written_over_a_song(tmp_path):
    song = tmp_path / "b.mp3"
    song.write_bytes(b"music")
    with pytest.raises(InputError, match="called as a song"):
        classify.open_table(song).__enter__()
    assert song.read_bytes() == b"music"


def test_a_name_is_on_one_line_and_valid_text_whatever_it_holds():
    song = Song(Path("a\nb\x1b[2J\udcff.mp3"), "silent")
    assert list(classify.as_lines(song, {})) == ["a\ufffdb\ufffd[2J\ufffd.mp3: silent"]
    assert classify.as_record(song, {})["file"] == "a\nb\x1b[2J\ufffd.mp3"


def test_no_model_is_asked_for_a_broken_song(monkeypatch):
    songs = [Song(Path("a.mp3"), "silent"), Song(Path("b.mp3"))]
    asked = Mock(return_value={"cnn-1.0": answer([1.0, 0.0, 0.0])})
    monkeypatch.setattr("genre.classification.answers.answers_of", asked)
    monkeypatch.setattr(classify, "for_each", lambda *_, **__: songs)
    found = list(classify.listen([], Mock(), ["cnn-1.0"], None))
    assert found == [(songs[0], {}), (songs[1], asked.return_value)]
    assert asked.call_count == 1


@pytest.mark.parametrize(
    ("told", "status"), [(0, 0), (2, 1), (KeyboardInterrupt, 130), (InputError("no"), "ERROR: no")]
)
def test_the_exit_status_says_how_it_went(monkeypatch, told, status):
    monkeypatch.setattr("sys.argv", ["classify", "a.mp3"])
    monkeypatch.setattr(classify, "classify", Mock(side_effect=[told]))
    with pytest.raises(SystemExit) as ended:
        classify.main()
    assert ended.value.code == status


def test_the_best_model_is_the_one_of_the_last_evaluation(tmp_path):
    with pytest.raises(InputError, match="make it by dvc repro"):
        best_model(tmp_path / "summary.json")
    (tmp_path / "summary.json").write_text(json.dumps({"best": {"model": "musicnn-4.1"}}))
    assert best_model(tmp_path / "summary.json") == "musicnn-4.1"


def test_parameters_that_are_not_those_of_the_models_are_an_error(tmp_path):
    lock = tmp_path / "dvc.lock"
    params = Params.model_validate(demo_values())
    with pytest.raises(InputError, match="make them by dvc repro"):
        check_unchanged(params, lock)
    values = demo_values()
    made = {
        "data.sr": values["data"]["sr"], "spectrogram": values["spectrogram"],
        "model.variant": values["model"]["variant"], "train.seed": 99,
    }  # fmt: skip

    def write(**changes):
        stage = {"params": {"params.yaml": made | changes}}
        left_out = {"params": {"params.yaml": {"data.sr": 8000}}}  # from a run that had it
        stages = {"check_params": {}, "robustness": stage, "embed@MTT_musicnn": left_out}
        lock.write_text(yaml.safe_dump({"schema": "2.0", "stages": stages}))

    write()
    check_unchanged(params, lock)
    write(**{"data.sr": 16000})
    with pytest.raises(InputError, match=r"data\.sr is another"):
        check_unchanged(params, lock)
    write(spectrogram={**values["spectrogram"], "n_mels": 64})
    with pytest.raises(InputError, match="spectrogram is another"):
        check_unchanged(params, lock)


def test_what_lessens_an_answer_is_said():
    def said(**changes):
        return cautions(Params.model_validate(changed(demo_values(), changes)))

    assert said() == [MADE_UP]
    folder = {"data.source": "folder"}
    assert said(**folder) == []
    assert said(**folder, **{"features.source": "dataset"}) == [BROUGHT]
    assert said(**folder, **{"spectrogram.source": "dataset"}) == [BROUGHT]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_json_can_be_read_wherever_it_is_printed(encoding):
    records = [{"file": "日本/é 🎵.wav"}]
    printed = classify.as_json(records, encoding).encode(encoding, errors="backslashreplace")
    assert json.loads(printed.decode("utf-8")) == records
    assert (b"\\" in printed) == (encoding != "utf-8")


def test_a_reader_that_has_had_enough_ends_it_without_a_word():
    code = (
        "import sys; from tools import classify\n"
        "classify.classify = lambda _: [print('a song: jazz', flush=True) for _ in range(10**5)]\n"
        "sys.argv[1:] = ['a folder']; classify.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "a song: jazz\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141
