import numpy as np
import pytest

from benchmarks.references import specshow
from genre.pictures.frame import content_box
from genre.pictures.spectrograms import BOX_HEIGHT, BOX_WIDTH, LEFT, TOP, draw, mel_spectrogram
from genre.work.uncompiled import librosa
from tests.conftest import SR, sine

SETTINGS = {"n_fft": 2048, "hop_length": 512, "n_mels": 128, "top_db": 80.0}


def picture_of(samples: np.ndarray) -> np.ndarray:
    decibels = mel_spectrogram(samples, sr=SR, **SETTINGS)
    return draw(decibels, top_db=80.0, colour_map="gray")


def test_the_spectrogram_is_librosas(music):
    expected = librosa.power_to_db(librosa.feature.melspectrogram(y=music, sr=SR), ref=np.max)
    np.testing.assert_allclose(mel_spectrogram(music, sr=SR, **SETTINGS), expected, atol=1e-5)


def test_the_frame_is_gtzans(music):
    picture = picture_of(music)
    assert picture.shape == (288, 432, 3)
    outside = np.ones(picture.shape[:2], bool)
    outside[TOP : TOP + BOX_HEIGHT, LEFT : LEFT + BOX_WIDTH] = False
    assert (picture[outside] == 255).all()
    assert content_box(picture) == (TOP, TOP + BOX_HEIGHT, LEFT, LEFT + BOX_WIDTH)


@pytest.mark.parametrize("colour_map", ["magma", "viridis", "gray"])
@pytest.mark.parametrize(("frames", "bands"), [(1293, 128), (1292, 64), (335, 217), (67, 40)])
def test_the_picture_is_what_librosa_and_matplotlib_draw(frames, bands, colour_map):
    decibels = np.random.default_rng(frames).uniform(-80.0, 0.0, (bands, frames)).astype("f4")
    expected = specshow(decibels, top_db=80.0, colour_map=colour_map)
    picture = draw(decibels, top_db=80.0, colour_map=colour_map)
    assert np.abs(picture.astype(int) - expected).max() <= 1


def test_real_music_looks_as_librosa_and_matplotlib_draw_it(music):
    decibels = mel_spectrogram(music, sr=SR, **SETTINGS)
    expected = specshow(decibels, top_db=80.0, colour_map="magma")
    picture = draw(decibels, top_db=80.0, colour_map="magma")
    assert np.abs(picture.astype(int) - expected).max() <= 1


def test_frequency_goes_up():
    rows = []
    for frequency in (200.0, 1000.0, 6000.0):
        content = picture_of(sine(frequency, 4.0))[TOP : TOP + BOX_HEIGHT, LEFT : LEFT + BOX_WIDTH]
        rows.append(content[..., 0].mean(axis=1).argmax())
    assert rows[0] > rows[1] > rows[2]
    mels = librosa.mel_frequencies(n_mels=130, fmax=SR / 2)
    expected = (1 - np.searchsorted(mels, 1000.0) / 130) * BOX_HEIGHT
    assert rows[1] == pytest.approx(expected, abs=4)


def test_time_goes_to_the_right():
    samples = np.random.default_rng(0).normal(0.0, 1e-5, 4 * SR).astype("f4")
    samples[3 * SR : 3 * SR + 50] = 1.0
    content = picture_of(samples)[TOP : TOP + BOX_HEIGHT, LEFT : LEFT + BOX_WIDTH]
    assert content[..., 0].mean(axis=0).argmax() == pytest.approx(0.75 * BOX_WIDTH, abs=3)
