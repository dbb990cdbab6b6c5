"""Chunks of spectrograms: where they are drawn, how they are altered, and that it is repeatable."""

import keras
import numpy as np
import pytest

from genre.models.beyond.short_chunk import build_short_chunk
from genre.training import devices
from genre.training.backup import Backup
from genre.training.chunks import (
    RandomChunks,
    WholeTracks,
    change_level,
    cut,
    draw,
    predict_tracks,
    silence,
)
from genre.training.fitting import fit

devices.prepare(23, backend="tensorflow", deterministic=True, split_operations=False)

LENGTH, BANDS = 20, 8
ALTERED = {"level": 6.0, "time_mask": 5, "frequency_mask": 2}
PLAIN = {"level": 0.0, "time_mask": 0, "frequency_mask": 0}


def sound(n: int, *, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Tracks of unlike length, whose class is the band that is loud at some time."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 3
    tracks = [rng.random((int(rng.integers(50, 90)), BANDS)).astype("f2") for _ in y]
    for track, band in zip(tracks, y, strict=True):
        track[::4, 2 * band] += 3
    return tracks, y


def batches(n: int = 12, *, seed: int = 1, **changes: float) -> RandomChunks:
    settings = {"length": LENGTH, "draws": 2, **ALTERED, **changes}
    return RandomChunks(*sound(n, seed=0), 5, np.random.default_rng(seed), **settings)


def test_an_epoch_has_every_track_as_often_as_it_is_drawn():
    given = batches()
    y = np.concatenate([given[k][1] for k in range(len(given))])
    assert [len(given[k][1]) for k in range(len(given))] == [5, 5, 5, 5, 4]
    assert list(np.bincount(y)) == [8, 8, 8]
    assert given[0][0].shape == (5, 1, LENGTH, BANDS)
    first = given[0][0]
    given.shuffle()
    assert not np.array_equal(given[0][0], first)


def test_chunks_are_stretches_of_their_track_from_random_places():
    given = batches(1, draws=1000, **PLAIN)
    [track], _ = sound(1, seed=0)
    places = set()
    for k in range(len(given)):
        for chunk in given[k][0][:, 0]:
            starts = [s for s in range(len(track) - LENGTH + 1)
                      if np.allclose(track[s : s + LENGTH], chunk, atol=1e-5)]  # fmt: skip
            assert len(starts) == 1
            places |= set(starts)
    assert {0, len(track) - LENGTH} < places
    assert len(places) > 20


def test_what_a_batch_holds_does_not_depend_on_what_was_read_before():
    one, other = batches(), batches()
    in_order = [one[k][0] for k in range(len(one))]
    for k in reversed(range(len(other))):
        np.testing.assert_array_equal(other[k][0], in_order[k])
    assert not np.array_equal(batches(seed=2)[0][0], in_order[0])


def test_a_louder_sound_has_the_spectrogram_that_would_be_computed_from_it():
    power = np.random.default_rng(0).random((2, 4, 3)) * 0.01
    louder = np.log10(10_000 * power * 10 ** (np.array([6.0, -12.0]) / 10)[:, None, None] + 1)
    found = change_level(np.log10(10_000 * power + 1), np.array([6.0, -12.0]))
    np.testing.assert_allclose(found, louder, atol=1e-5)


def test_masks_silence_as_much_as_they_may_and_no_more():
    rng = np.random.default_rng(0)
    widths = []
    for _ in range(200):
        chunks = np.ones((1, LENGTH, BANDS))
        silence(chunks, rng.random((1, 2)), 5)
        rows = np.flatnonzero((chunks[0] == 0).all(axis=1))
        assert (chunks[0] == 0).sum() == len(rows) * BANDS
        assert len(rows) == 0 or len(rows) == rows[-1] - rows[0] + 1
        widths.append(len(rows))
    assert set(widths) == set(range(6))


def test_a_short_track_is_repeated_until_it_fills_a_chunk():
    track = np.arange(3.0)[:, None] + np.zeros(BANDS)
    assert list(draw(track, 0.9, 7)[:, 0]) == [0, 1, 2, 0, 1, 2, 0]
    assert cut(track, 7)[..., 0].tolist() == [[0, 1, 2, 0, 1, 2, 0]]
    assert cut(np.arange(17.0)[:, None], 5)[..., 0].shape == (3, 5)


def trained(**settings: object) -> tuple[keras.Model, object]:
    keras.utils.clear_session()
    keras.utils.set_random_seed(23)
    model = build_short_chunk([4, 8], shape=(LENGTH, BANDS), classes=3, dropout=0.2)
    rng, val = np.random.default_rng(1), WholeTracks(*sound(9, seed=2), length=LENGTH)
    chunks = RandomChunks(*sound(24, seed=0), 8, rng, length=LENGTH, draws=3, **ALTERED)
    settings = {
        "learning_rate": 0.01,
        "schedule": "constant",
        "batch_size": 8,
        "patience": None,
        **settings,
    }
    return model, fit(model, chunks, val, rng, parameter="short_chunk.training", **settings)


def test_what_can_be_heard_is_learned_and_predicted_in_the_order_of_the_tracks():
    model, done = trained(epochs=12)
    tracks, y = sound(30, seed=3)
    softmax = predict_tracks(model, tracks, length=LENGTH)
    assert (softmax.argmax(axis=1) == y).mean() > 0.9
    assert done.curves["val_accuracy"].iloc[-1] > 0.8


def test_a_killed_training_goes_on_and_ends_in_the_same_weights(tmp_path, monkeypatch):
    class KilledError(Exception):
        pass

    def die(self: Backup, epoch: int, logs: dict | None = None) -> None:
        save(self, epoch, logs)
        if epoch == 2:
            raise KilledError

    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    expected = trained(epochs=5)[0].get_weights()
    save = Backup.on_epoch_end
    with monkeypatch.context() as context:
        context.setattr(Backup, "on_epoch_end", die)
        with pytest.raises(KilledError):
            trained(epochs=5, backup=True)
    model, done = trained(epochs=5, backup=True)
    assert len(done.curves) == 5
    for one, other in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_array_equal(one, other)
