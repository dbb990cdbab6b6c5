"""Files of all formats: whole ones are heard as they are, and those that were cut off noticed."""

import io
import os
import struct

import numpy as np
import pytest
import soundfile

from genre.corpus.audio import decode
from genre.corpus.folder import find_tracks
from genre.corpus.layout import EXTENSIONS
from tests.conftest import SR, sine
from tests.encoding import (
    FORMATS,
    HEADLESS,
    LOSSLESS,
    VARIABLE,
    audio_bytes,
    decode_by_ffmpeg,
    encode,
    encode_by_libsndfile,
)

TONE = sine(440.0, 4.0)
ID3V1 = b"TAG" + b"a title".ljust(125, b"\0")
ID3V2 = b"ID3\4\0\0\0\0\7\x76" + b"TXXX" + bytes(1010)
FOOTER = b"3DI" + ID3V2[3:5] + b"\x10" + ID3V2[6:10]
APE = b"APETAGEX" + struct.pack("<IIII8x", 2000, 32, 0, 0x80000000)


@pytest.fixture
def heard(tmp_path):
    """Decode what a file holds, whatever its name."""

    def decoded(content: bytes, *, sr: int = SR) -> np.ndarray:
        (tmp_path / "a").write_bytes(content)
        return decode(tmp_path / "a", sr=sr).samples

    return decoded


@pytest.fixture
def reason(heard):
    """Why a file is not decoded."""

    def said(content: bytes) -> str:
        with pytest.raises(ValueError, match=r"^[a-z ]+: ") as caught:
            heard(content)
        return str(caught.value)

    return said


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return spectrum.argmax() * SR / len(samples)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_heard_whole(name, heard):
    samples = heard(audio_bytes(name))
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(4 * SR, abs=2400)  # some codecs pad
    assert pitch(samples) == pytest.approx(440.0, abs=1.0)
    if name in LOSSLESS:
        np.testing.assert_allclose(samples, TONE, atol=2**-15)


@pytest.mark.parametrize("name", [*FORMATS, "a.weba", "a.snd", "a.mpga", "a.m4r"])
def test_every_format_is_found_in_a_folder(name, tmp_path):
    path = tmp_path / "blues" / name
    path.parent.mkdir()
    path.write_bytes(b"")
    assert path.suffix in EXTENSIONS
    assert [source.audio for source in find_tracks(tmp_path, pictures=False)] == [path]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("left", [0.3, 0.51, 0.9, -300], ids=str)
def test_a_file_that_was_cut_off_is_noticed(name, left, reason):
    content = audio_bytes(name)
    end = left if left < 0 else int(left * len(content))
    assert "cut off" in reason(content[:end])


def test_an_ogg_file_without_its_last_page_is_noticed(reason):
    content = audio_bytes("a.opus")
    assert "does not end the stream" in reason(content[: content.rfind(b"OggS")])


def test_the_header_that_fraunhofers_encoder_writes_is_read(heard, reason):
    frames = audio_bytes("headless.mp3")
    table = b"VBRI" + struct.pack(">HHHII", 1, 0, 50, len(frames), 155)
    content = frames[:36] + table + frames[36 + len(table) :]
    assert len(heard(content)) > 4 * SR
    end = len(content) // 2  # between two frames
    assert f"{end} of at least {len(content)} bytes" in reason(content[:end])


@pytest.mark.parametrize("sr", [22050, 32000, 44100])  # of MPEG 2 and of MPEG 1
def test_layer_2_by_the_name_of_mp3_is_heard_and_noticed_to_be_cut(sr, heard, reason):
    content = encode(sine(440.0, 4.0, sr=sr), "mp2", "mp2", sr=sr)
    assert len(heard(content, sr=sr)) == pytest.approx(4 * sr, abs=1152)
    assert "it ends within a frame" in reason(content[: len(content) // 2 + 50])


@pytest.mark.parametrize(
    "front",
    [ID3V2, 2 * ID3V2, ID3V2[:5] + b"\x10" + ID3V2[6:] + FOOTER, ID3V2 + bytes(500), bytes(300)],
    ids=["tag", "two tags", "with a footer", "tag and zeros", "zeros"],
)
@pytest.mark.parametrize("name", ["constant.mp3", "variable.mp3", "libsndfile.mp3"])
def test_the_header_of_an_mp3_is_found_behind_what_comes_first(name, front, heard, reason):
    content = front + audio_bytes(name)
    assert len(heard(content)) >= 4 * SR
    sync = audio_bytes(name).find(b"\xff")
    sync = audio_bytes(name)[sync : sync + 2]
    end = content.index(sync, len(content) // 2)  # between two frames: only the header tells
    assert f"{end} of at least {len(content)} bytes" in reason(content[:end])


def test_an_mp4_of_any_size_is_measured(heard, reason):
    content = audio_bytes("aac.m4a")
    place = content.index(b"mdat") - 12
    assert content[place : place + 8] == b"\0\0\0\x08free"  # room for a size of 64 bits
    size = struct.unpack(">I", content[place + 8 : place + 12])[0] + 8
    header = struct.pack(">I4sQ", 1, b"mdat", size)
    content = content[:place] + header + content[place + 16 :]
    assert len(heard(content)) > 4 * SR
    assert f"{place + 99} of at least {place + size} bytes" in reason(content[: place + 99])


# libsndfile needs a file, and MP4 its table at the end.
@pytest.mark.parametrize("name", [n for n in FORMATS if FORMATS[n] and not n.endswith(".m4a")])
def test_what_was_written_to_a_pipe_is_whole(name, heard):
    content = encode(TONE, *FORMATS[name], pipe=True)
    assert len(heard(content)) == pytest.approx(4 * SR, abs=2400)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        *(("a.wav", size) for size in (0, 176478, 0x7FFFF024, 0x80000024, 0xFFFFFFFF)),
        *(("a.aiff", size) for size in (0, 0x7F00002E)),
        *(("a.au", size) for size in (0x7F000000, 0xFFFFFFFF)),
    ],
)
def test_a_size_that_is_unknown_or_counts_the_header_is_no_fault(name, size, heard):
    content = bytearray(audio_bytes(name))
    place = 8 if name == "a.au" else 4
    content[place : place + 4] = struct.pack("<I" if name == "a.wav" else ">I", size)
    assert len(heard(bytes(content))) == 4 * SR


@pytest.mark.parametrize("behind", [ID3V1, APE, APE + ID3V1, bytes(3000), b"<html>" * 99],
                         ids=["ID3v1", "APE", "both", "zeros", "text"])  # fmt: skip
@pytest.mark.parametrize("name", FORMATS)
def test_what_follows_a_whole_file_does_no_harm(name, behind, heard):
    expected, found = heard(audio_bytes(name)), heard(audio_bytes(name) + behind)
    np.testing.assert_array_equal(found[: len(expected)], expected)
    assert len(found) - len(expected) < 1152  # what an encoder added stays where much follows


@pytest.mark.parametrize("name", [n for n in FORMATS if n.endswith((".mp3", ".aac", ".flac"))])
def test_a_tag_in_front_does_no_harm(name, heard):
    np.testing.assert_array_equal(heard(ID3V2 + audio_bytes(name)), heard(audio_bytes(name)))


def test_what_was_tagged_since_is_taken_as_it_is(heard):
    """The end of a programme that was recorded from the radio, say."""
    content = encode(TONE, "mp3", "libmp3lame", HEADLESS, {"b": "160000"})[:-300]
    assert len(heard(content + ID3V1)) > 3.9 * SR


@pytest.mark.parametrize("name", ["headless.mp3", "headless variable.mp3"])
def test_an_mp3_without_a_header_is_decoded_whole(name, heard):
    content = audio_bytes(name)
    np.testing.assert_array_equal(heard(content), decode_by_ffmpeg(content)[0])
    assert len(heard(content)) > 4 * SR
    if "variable" in name:  # what libsndfile makes of it
        assert soundfile.info(io.BytesIO(content)).frames < 3 * SR


def test_an_mp3_in_a_wav_file_is_decoded_whole_and_quietly(heard, capfd):
    """Of a varying bit rate libsndfile guesses the length here, too, and reads no further."""
    rng = np.random.default_rng(0)
    noise = rng.normal(0.0, np.repeat([0.3, 1e-4], 4 * SR)).astype("f4")
    content = encode(noise, "wav", "libmp3lame", {}, VARIABLE)
    assert soundfile.info(io.BytesIO(content)).frames < 4 * SR
    assert len(heard(content)) == pytest.approx(8 * SR, abs=2400)
    capfd.readouterr()
    place = len(content) // 2
    heard(content[:place] + bytes(60) + content[place + 60 :])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", [n for n in FORMATS if n.endswith((".mp3", ".ogg", ".opus"))
                                  or n in LOSSLESS])  # fmt: skip
def test_both_decoders_hear_the_same(name, heard):
    content = audio_bytes(name)
    by_ffmpeg, sr = decode_by_ffmpeg(content)
    samples = heard(content, sr=sr)
    atol = 0 if name in LOSSLESS else 1e-5
    np.testing.assert_allclose(samples, by_ffmpeg, rtol=0, atol=atol)
    if name not in ("flac.ogg", "alac.m4a", "flac.mkv", "a.wv", "headless variable.mp3"):
        by_libsndfile, _ = soundfile.read(io.BytesIO(content), dtype="float32")
        np.testing.assert_allclose(samples, by_libsndfile, rtol=0, atol=atol)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("form", ["WAV", "AU", "FLAC", "OGG"])
def test_what_libsndfile_reads_stays_as_it_reads_it(form, channels, heard):
    content = encode_by_libsndfile(np.stack([TONE, 0.3 * TONE], axis=1)[:, :channels], form)
    expected, _ = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    np.testing.assert_array_equal(heard(content), expected.mean(axis=1))


def test_channels_are_mixed(heard):
    left, right = sine(440.0, 4.0), sine(1000.0, 4.0)
    content = encode(np.stack([left, right], axis=1), *FORMATS["alac.m4a"])
    np.testing.assert_allclose(heard(content), (left + right) / 2, atol=2**-15)


def test_all_streams_of_an_ogg_are_heard(heard):
    """One after another, as radio stations send their songs; libsndfile reads the first."""
    assert len(heard(2 * audio_bytes("vorbis.ogg"))) == pytest.approx(8 * SR, abs=1024)


def test_a_name_that_is_not_utf8_is_no_obstacle(tmp_path):
    for name in ("constant.mp3", "a.wav", "vorbis.ogg", "aac.m4a"):
        path = tmp_path / os.fsdecode(b"caf\xe9 " + name.encode())
        path.write_bytes(audio_bytes(name))
        assert len(decode(path, sr=SR).samples) >= 4 * SR


def test_no_track_of_real_gtzan_is_cut_off(gtzan):
    for path in (gtzan / "genres_original").glob("*/*.wav"):
        expected, _ = soundfile.read(path, dtype="float32")
        np.testing.assert_array_equal(decode(path, sr=SR).samples, expected)
