"""Audio that is broken, or no audio at all: a reason in a few words, or what is there."""

import io
import math
import struct
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from genre.corpus.audio import decode, describe
from genre.corpus.folder import Source, import_audio
from genre.corpus.formats import decoders
from genre.pictures import png
from tests.conftest import SR, damaged, sine
from tests.encoding import FORMATS, audio_bytes, decode_by_ffmpeg, encode, video_bytes

TONE = sine(440.0, 4.0)


def taken(path: Path) -> tuple[dict, dict]:
    source = Source("blues.00000", "blues", audio=path)
    return import_audio(source, path.parent, sr=SR, length=30 * SR)


def read_otherwise(content: bytes) -> tuple[np.ndarray, int] | None:
    """Mono samples and the sample rate, if nothing in the file is broken."""
    try:
        if content[:4] in (b"RIFF", b"FORM", b".snd", b"fLaC", b"OggS"):
            samples, sr = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
            return samples.mean(axis=1), sr
    except soundfile.LibsndfileError:
        pass
    try:
        return decode_by_ffmpeg(content)
    except av.FFmpegError:
        return None


@pytest.mark.parametrize("seed", range(6 * len(FORMATS)))
def test_damaged_audio(seed, tmp_path, capfd):
    name = list(FORMATS)[seed // 6]
    path = tmp_path / name
    content = damaged(audio_bytes(name), np.random.default_rng(seed))
    path.write_bytes(content)
    row, files = taken(path)
    assert capfd.readouterr() == ("", "")
    assert list(files) == ([] if row["reason"] else ["blues.00000.wav"])
    if row["reason"]:
        assert len(row["reason"]) > 5
        assert str(tmp_path) not in row["reason"]
        return
    samples, sr = soundfile.read(io.BytesIO(*files.values()), dtype="float32")
    assert sr == SR
    assert np.isfinite(samples).all()
    assert 0 < len(samples) == row["samples"] < 60 * SR
    # What is let through is what the file says, as a library reads it.
    if (found := read_otherwise(content)) is not None:
        expected, native_sr = found
        if native_sr == SR:
            np.testing.assert_array_equal(samples, expected)
        else:
            assert len(samples) == math.ceil(len(expected) * (SR / native_sr))


def wav(samples: np.ndarray, sr: int = SR, **options: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, sr, format="WAV", **options)
    return file.getvalue()


def header(sr: int, *, size: int = 400_000) -> bytes:
    """A WAV file of 16-bit mono that says what it likes of itself."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, sr, min(2 * sr, 2**32 - 1), 2, 16)
    chunks = b"fmt " + form + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) + size) + b"WAVE" + chunks


RF64 = encode(TONE, "wav", "pcm_s16le", {"rf64": "always"})  # WAV that may have more than 4 GiB
UNFINISHED = header(SR, size=0).replace(struct.pack("<I", 36), bytes(4), 1) + wav(TONE)[44:]
WEB_PAGE = b"<!DOCTYPE html><html><body>" + b"<p>404 Not Found</p>" * 200 + b"</body></html>"
WRONG = {
    "nothing": (b"", "holds no audio: the file is empty"),
    "text": (b"this is text, and was renamed\n" * 100, "holds no audio"),
    "a web page": (WEB_PAGE, "holds no audio"),
    "a picture": (png.encode(np.zeros((9, 9, 3), "u1")), "holds no audio"),
    "a video without sound": (video_bytes(), "holds no audio: only video"),
    "a list of addresses": (b"#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1/a.mp3\n", "holds no audio"),
    "an unknown coding": (audio_bytes("a.mka").replace(b"A_AAC", b"A_XYZ"), "not know its coding"),
    "a cut RF64": (RF64[:-500], "is broken or cut off: a packet is not whole"),
    "a header alone": (wav(TONE)[:44], "is cut off"),
    "a broken header": (wav(TONE).replace(b"data", b"dat\0"), "cannot be decoded: Error in WAV"),
    "no samples": (wav(TONE[:0]), "holds no audio: its header says 0 samples"),
    "a recorder that crashed": (UNFINISHED, "holds no audio: its header says 0 samples"),
    "one sample": (wav(TONE[:1]), "silent"),
    "silence": (wav(np.zeros(4 * SR, "f4")), "silent"),
    "not finite": (wav(np.append(TONE, np.nan), subtype="FLOAT"), "not finite"),
    "infinite": (wav(np.append(TONE, np.inf), subtype="DOUBLE"), "not finite"),
    "huge": (wav(1e20 * TONE, subtype="FLOAT"), "beyond any scale"),
    "1 Hz": (header(1) + bytes(400_000), "its header says"),
    "1 GHz": (header(10**9) + bytes(400_000), "its header says"),
}  # fmt: skip
RIGHT = {
    "8 kHz": wav(sine(440.0, 4.0, sr=8000), 8000),
    "5 channels": wav(np.stack([TONE] * 5, axis=1)),
    "24 bit": wav(TONE, subtype="PCM_24"),
    "8 bit": wav(TONE, subtype="PCM_U8"),
    "64 bit": wav(TONE, subtype="DOUBLE"),
    "ADPCM": wav(TONE, subtype="IMA_ADPCM"),
    "ADPCM of G.721": wav(TONE, subtype="G721_32"),
    "GSM": wav(TONE, subtype="GSM610"),
    "MP3 in WAV": encode(TONE, "wav", "libmp3lame"),
    "RF64": RF64,
}


@pytest.mark.parametrize("what", WRONG)
def test_audio_that_is_of_no_use_says_why(what, tmp_path, capfd):
    content, reason = WRONG[what]
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    row, _ = taken(path)
    assert reason in row["reason"]
    assert str(tmp_path) not in row["reason"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("what", RIGHT)
def test_audio_of_another_kind_is_heard_as_it_is(what, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(RIGHT[what])
    audio = decode(path, sr=SR)
    assert describe(audio, sr=SR)["reason"] == ""
    middle = slice(SR, 3 * SR)
    spectrum = np.abs(np.fft.rfft(audio.samples[middle]))
    assert spectrum.argmax() == 880  # in two seconds
    assert np.abs(audio.samples[middle]).max() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("name", ["a.webm", "a.mka", "flac.mkv", "a.wma", "aac.m4a", "flac.ogg",
                                  "a.flac", "constant.mp3", "variable.mp3"])  # fmt: skip
def test_what_is_lost_in_the_middle_is_noticed(name, tmp_path):
    """As where a download of pieces in any order was not finished."""
    content = audio_bytes(name)
    third = len(content) // 3
    path = tmp_path / name
    path.write_bytes(content[:third] + bytes(third) + content[2 * third :])
    row, _ = taken(path)
    assert row["reason"].startswith("is broken")


def test_one_broken_packet_is_passed_over(tmp_path):
    content = audio_bytes("aac.m4a")
    path = tmp_path / "a.m4a"
    path.write_bytes(content[:15000] + b"\xff" * 30 + content[15030:])
    assert len(decode(path, sr=SR).samples) == pytest.approx(4 * SR, abs=2048)


def test_a_list_of_files_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.aac").write_bytes(audio_bytes("a.aac"))
    Path("b.mp3").write_bytes(content := b"ffconcat version 1.0\nfile 'a.aac'\n")
    assert len(decode_by_ffmpeg(content)[0]) > 4 * SR  # which follows it
    with pytest.raises(ValueError, match="holds no audio"):
        decode(Path("b.mp3"), sr=SR)


def test_what_is_too_long_is_not_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(decoders, "LONGEST", 3)
    for name in ("a.wav", "constant.mp3"):
        path = tmp_path / name
        path.write_bytes(audio_bytes(name))
        with pytest.raises(ValueError, match="its header says 88200 samples|it is longer than"):
            decode(path, sr=SR)
