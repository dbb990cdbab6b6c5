import numpy as np
import pytest

from genre.corpus.audio import decode, fault, resample, too_short
from genre.work.uncompiled import librosa
from tests.conftest import SR, sine, write_audio


def test_other_rates_and_channels_are_resampled_and_mixed(tmp_path):
    left, right = sine(440.0, 2.0, sr=44100), sine(1000.0, 2.0, sr=44100)
    path = write_audio(tmp_path / "a.wav", np.stack([left, right], axis=1), sr=44100)
    audio = decode(path, sr=SR)
    assert (audio.native_sr, audio.channels) == (44100, 2)
    expected = (sine(440.0, 2.0) + sine(1000.0, 2.0)) / 2
    assert len(audio.samples) == len(expected)
    middle = slice(SR // 2, -SR // 2)
    np.testing.assert_allclose(audio.samples[middle], expected[middle], atol=2e-3)


@pytest.mark.parametrize(
    ("orig_sr", "target_sr"), [(44100, SR), (48000, SR), (8000, SR), (SR, 5512), (96000, 5512)]
)
@pytest.mark.parametrize("length", [1, 2, 999, 22051, 66149])
def test_resampling_is_librosas_bit_for_bit(orig_sr, target_sr, length):
    samples = np.random.default_rng(length).standard_normal(length).astype("f4")
    expected = librosa.resample(samples, orig_sr=orig_sr, target_sr=target_sr)
    found = resample(samples, orig_sr=orig_sr, target_sr=target_sr)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)


def test_the_checksum_is_of_the_samples_not_of_the_file(tmp_path):
    integers = (sine(440.0, 1.0) * 32767).astype("i2")
    wav = write_audio(tmp_path / "a.wav", integers)
    flac = write_audio(tmp_path / "a.flac", integers)
    other = write_audio(tmp_path / "b.wav", integers + np.int16(1))
    assert decode(wav, sr=SR).sha256() == decode(flac, sr=SR).sha256()
    assert decode(wav, sr=SR).sha256() != decode(other, sr=SR).sha256()


def test_faults_are_named():
    assert fault(sine(440.0, 3.0)) == ""
    assert too_short(66149, minimum=66149) == ""
    assert too_short(63945, minimum=66149) == "too short: 63945 samples of at least 66149"
    assert fault(np.zeros(66149, "f4")) == "silent"
    assert fault(np.full(66149, 0.3, "f4")) == "silent"
    assert fault(1e9 * sine(440.0, 3.0)) == ""
    assert fault(1e20 * sine(440.0, 3.0)) == "holds values beyond any scale"
    broken = sine(440.0, 3.0)
    broken[7] = np.nan
    assert fault(broken) == "holds values that are not finite"
