import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from genre.corpus.audio import resample
from genre.features import patches
from genre.features.patches import FRAMES, N_MELS, cut, frames_of, log_mel
from genre.work.uncompiled import librosa
from tests.conftest import SR, sine


@pytest.fixture(scope="module")
def at_rate(music):
    return resample(music, orig_sr=SR, target_sr=patches.SR)


def test_the_spectrogram_is_librosas(at_rate):
    mel = librosa.feature.melspectrogram(y=at_rate, sr=16_000, n_fft=512, hop_length=256, n_mels=96)
    found = log_mel(at_rate, sr=patches.SR, loudness=None)
    assert found.dtype == np.float32
    assert found.max() > 2.0
    np.testing.assert_allclose(found, np.log10(10_000.0 * mel + 1.0).T, atol=1e-5)


def test_cores_change_no_number(at_rate):
    with threadpool_limits(1):
        expected = log_mel(at_rate, sr=patches.SR, loudness=-14.0)
    with threadpool_limits(3):
        found = log_mel(at_rate, sr=patches.SR, loudness=-14.0)
    np.testing.assert_array_equal(found, expected)


def test_patches_follow_each_other_and_every_stride_th_is_kept():
    frames = np.random.default_rng(0).random((10 * FRAMES + 6, N_MELS), dtype="f4")
    all_of_them = cut(frames)
    assert all_of_them.shape == (10, FRAMES, N_MELS)
    np.testing.assert_array_equal(all_of_them.reshape(-1, N_MELS), frames[: 10 * FRAMES])
    np.testing.assert_array_equal(cut(frames, stride=3), all_of_them[[0, 3, 6, 9]])


def test_what_is_shorter_than_a_patch_is_repeated():
    frames = np.random.default_rng(0).random((80, N_MELS), dtype="f4")
    (patch,) = cut(frames, stride=3)
    np.testing.assert_array_equal(patch, np.concatenate([frames, frames, frames[:27]]))


@pytest.mark.parametrize("sr", [16_000, SR, 44_100])
def test_thirty_seconds_are_ten_patches(sr):
    sound = sine(440.0, 30.0, sr=sr)
    frames = log_mel(sound, sr=sr, loudness=-14.0)
    assert len(frames) == frames_of(len(sound), sr=sr) == 1876
    assert len(cut(frames)) == 10


@pytest.mark.parametrize("decibels", [-12.0, 6.0])
def test_the_level_of_a_recording_does_not_matter(music, decibels):
    quiet = 0.4 * music / np.abs(music).max()
    other = quiet * np.float32(10.0 ** (decibels / 20.0))
    expected = log_mel(quiet, sr=SR, loudness=-14.0)
    np.testing.assert_allclose(log_mel(other, sr=SR, loudness=-14.0), expected, atol=1e-4)
    as_it_is = log_mel(other, sr=SR, loudness=None)
    assert np.abs(as_it_is - log_mel(quiet, sr=SR, loudness=None)).max() > 0.3


def test_silence_is_no_noise():
    assert log_mel(np.zeros(4 * SR, "f4"), sr=SR, loudness=-14.0).max() == 0.0
    noise = np.random.default_rng(0).normal(0.0, 1e-4, 4 * SR).astype("f4")
    assert log_mel(noise, sr=SR, loudness=-14.0).max() < 0.01


def test_what_is_no_audio_is_an_error():
    with pytest.raises(ValueError, match="146 samples are too few"):
        log_mel(np.ones(200, "f4"), sr=SR, loudness=-14.0)
    with pytest.raises(ValueError, match="0 samples are too few"):
        log_mel(np.ones(0, "f4"), sr=SR, loudness=-14.0)
    with pytest.raises(ValueError, match="not finite"):
        log_mel(np.full(2 * SR, np.nan, "f4"), sr=SR, loudness=-14.0)
