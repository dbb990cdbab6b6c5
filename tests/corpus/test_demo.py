import numpy as np
import pretty_midi
import pytest

from genre.corpus.demo.performance import make_track, play
from genre.corpus.demo.styles import GENRES, STYLES
from genre.randomness import generator
from tests.conftest import SR


def test_a_made_track_depends_on_seed_and_name_alone():
    first, again, other = (
        make_track("disco", generator(23, name), duration=4.0, sr=SR, borrow=0.1) for name in "aab"
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).mean() > 0.01


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_makes_sound_of_the_length_asked_for(genre):
    samples = make_track(genre, generator(5, genre), duration=3.5, sr=SR, borrow=0.0)
    assert samples.shape == (round(3.5 * SR),)
    assert samples.dtype == np.float32
    assert np.abs(samples).max() <= 1.0
    assert samples.std() > 0.01


def test_genres_are_neighbours_of_genres_that_exist():
    for name, style in STYLES.items():
        assert set(style.neighbours) <= set(GENRES) - {name}


@pytest.mark.parametrize("program", [0, 16, 24, 30, 33, 40, 56, 65, 73, 80])
def test_instruments_are_in_tune(program):
    score = pretty_midi.PrettyMIDI()
    part = pretty_midi.Instrument(program)
    part.notes.append(pretty_midi.Note(100, 69, 0.0, 2.0))
    score.instruments.append(part)
    samples = play(score, sr=SR)[SR // 2 : SR]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n=8 * len(samples)))
    frequencies = np.fft.rfftfreq(8 * len(samples), 1 / SR)
    # Any partial may be the loudest; it must be a multiple of 440 Hz, or of its half.
    loudest = frequencies[spectrum.argmax()] / 220.0
    assert loudest == pytest.approx(round(loudest), rel=0.012)
