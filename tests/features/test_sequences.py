import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.features.definition import COLUMNS, FEATURES
from genre.features.sequences import Sequences, from_features, inject_noise, scale

STEPS = 10
TRACKS = pd.Index([f"{genre}.{k:05d}" for k in range(20) for genre in ("jazz", "blues")])
GENRES = pd.Series([track.split(".")[0] for track in TRACKS], index=TRACKS)
SPLIT = pd.Series((["train"] * 8 + ["val", "test"]) * 4, index=TRACKS)


def segments(*, steps: int = STEPS) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows = []
    for track in TRACKS:
        spread = 5.0 if track.startswith("jazz") else 0.5
        for step in range(steps):
            values = rng.normal(step, spread, len(FEATURES))
            rows.append((f"{track}.{step}.wav", 66149, *values, track.split(".")[0]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_segments_come_in_order_whatever_the_order_of_the_file():
    table = segments()
    raw = from_features([table], TRACKS, steps=STEPS)
    rows = table.sample(frac=1.0, random_state=1, ignore_index=True)
    shuffled = from_features([rows[:25], rows[25:]], TRACKS, steps=STEPS)
    assert raw.x.shape == (len(TRACKS), STEPS, len(FEATURES))
    np.testing.assert_array_equal(raw.x, shuffled.x)
    row = table[table["filename"] == "jazz.00003.4.wav"][list(FEATURES)].to_numpy(np.float32)
    np.testing.assert_array_equal(raw.x[TRACKS.get_loc("jazz.00003"), 4], row[0])


def test_missing_steps_are_the_mean_of_the_others():
    table = segments()
    gone = table["filename"].isin(["blues.00002.9.wav", "blues.00002.3.wav"])
    raw = from_features([table[~gone]], TRACKS, steps=STEPS)
    sequence = raw.x[TRACKS.get_loc("blues.00002")]
    others = np.delete(sequence, [3, 9], axis=0)
    for step in (3, 9):
        np.testing.assert_allclose(sequence[step], others.mean(axis=0), rtol=1e-6)


def test_a_track_without_segments_is_an_error():
    table = segments()
    with pytest.raises(InputError, match="no segment of 1 tracks, the first blues.00007"):
        from_features(
            [table[~table["filename"].str.startswith("blues.00007")]], TRACKS, steps=STEPS
        )


def test_scaling_is_fitted_on_the_training_tracks_alone():
    raw = from_features([segments()], TRACKS, steps=STEPS)
    raw.x[:, :, 11] = 4.0
    scaled = scale(raw, SPLIT)
    training = (SPLIT == "train").to_numpy()
    others = np.delete(scaled.x[training], 11, axis=2)
    np.testing.assert_allclose(others.min(axis=(0, 1)), 0.0, atol=1e-6)
    np.testing.assert_allclose(others.max(axis=(0, 1)), 1.0, atol=1e-6)
    assert (scaled.x[:, :, 11] == 0.0).all()
    assert scaled.x[~training].max() > 1.0
    raw.x[~training] *= 100.0
    np.testing.assert_array_equal(scale(raw, SPLIT).x[training], scaled.x[training])
    np.testing.assert_allclose(scaled.x[0] * scaled.extent + scaled.minimum, raw.x[0], rtol=1e-4)


def test_noise_is_a_share_of_the_deviation_of_genre_step_and_feature():
    scaled = scale(from_features([segments()], TRACKS, steps=STEPS), SPLIT)
    noisy = inject_noise(scaled, SPLIT, GENRES, np.random.default_rng(0), low=0.5, high=1.0)
    training = (SPLIT == "train").to_numpy()
    np.testing.assert_array_equal(noisy.x[: len(TRACKS)], scaled.x)
    copies, clean = noisy.x[len(TRACKS) :], scaled.x[training]
    tracks = noisy.tracks[len(TRACKS) :]
    assert list(tracks) == list(TRACKS[training])
    assert copies.min() >= 0.0
    assert copies.max() <= 1.0
    inside = (copies > 0.0) & (copies < 1.0)
    for genre in ("jazz", "blues"):
        own = (GENRES[tracks] == genre).to_numpy()
        share = np.abs(copies[own] - clean[own]) / clean[own].std(axis=0)
        share = share[inside[own]]
        assert 0.499 < share.min() < 0.51
        assert 0.99 < share.max() < 1.001
        moved_up = (copies[own] > clean[own]).mean()
        assert moved_up == pytest.approx(0.5, abs=0.05)


def test_sequences_are_read_as_they_were_written(tmp_path):
    scaled = scale(from_features([segments()], TRACKS, steps=STEPS), SPLIT)
    scaled.save(tmp_path / "a.npz")
    scaled.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    read = Sequences.load(tmp_path / "a.npz")
    for name in ("tracks", "x", "minimum", "extent"):
        np.testing.assert_array_equal(getattr(read, name), getattr(scaled, name))
