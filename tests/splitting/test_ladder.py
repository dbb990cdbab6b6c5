"""Segments of GTZAN's tracks, cut so that the same models can be tried on four splits."""

import runpy
import sys

import numpy as np
import pandas as pd
import pytest
import soundfile

from genre.splitting.groups import gtzan_artists
from genre.splitting.lists import filtered_lists

SR = 22_050
SECONDS = 7.5


def test_segments_know_their_track_its_artist_and_its_side(tmp_path, monkeypatch, capsys):
    sides = {name: min(tracks) for name, tracks in filtered_lists().items()}
    listed = {name for tracks in filtered_lists().values() for name in tracks}
    artists = gtzan_artists()
    unlisted = min(set(artists.index) - listed)
    rng = np.random.default_rng(5)
    for track in (*sides.values(), unlisted):
        folder = tmp_path / "source" / track.partition(".")[0]
        folder.mkdir(parents=True, exist_ok=True)
        noise = rng.uniform(-0.5, 0.5, int(SECONDS * SR))
        soundfile.write(folder / f"{track}.wav", noise, SR, subtype="PCM_16")
    (tmp_path / "source" / f"{folder.name}" / f"{folder.name}.00098.wav").write_bytes(b"RIFF")
    target = tmp_path / "target"
    monkeypatch.setattr(sys, "argv", ["ladder", str(tmp_path / "source"), str(target)])
    runpy.run_module("benchmarks.ladder", run_name="__main__")
    said = capsys.readouterr().out
    assert f"left out: {folder.name}.00098.wav: " in said
    assert "8 segments of 4 tracks" in said
    with pytest.raises(SystemExit):
        runpy.run_module("benchmarks.ladder", run_name="__main__")
    assert "is not empty" in capsys.readouterr().err

    tables = {name: pd.read_csv(target / f"{name}.csv") for name in ("tracks", "artists")}
    assert len(tables["tracks"]) == 4 * 2  # a rest of 1.5 s is none
    by_track = tables["tracks"].groupby("group")["track"].apply(set)
    for side, track in sides.items():
        assert set((target / f"lists/{side}.txt").read_text().split()) == by_track[track]
    found = tables["artists"].set_index("track")["group"]
    for track, segments in by_track.items():
        genre = track.partition(".")[0]
        whole, _ = soundfile.read(tmp_path / "source" / genre / f"{track}.wav")
        assert {found[name] for name in segments} == {artists[track]}
        parts = [soundfile.read(target / "music" / genre / name)[0] for name in sorted(segments)]
        assert np.array_equal(np.concatenate(parts), whole[: 6 * SR])
