"""Audio files in many formats, which the tests make by FFmpeg and libsndfile."""

import functools
import io

import av
import numpy as np
import soundfile

from tests.conftest import SR, sine

HEADLESS = {"write_xing": "0", "id3v2_version": "0"}  # an MP3 of nothing but frames
VARIABLE = {"flags": "+qscale", "global_quality": "472"}  # of LAME's bit rate: its V4
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
# By the file's name: the container and the codec of FFmpeg's, and their options; or libsndfile's.
FORMATS: dict[str, tuple] = {
    "a.wav": ("wav", "pcm_s16le"),
    "a.au": ("au", "pcm_s16be"),
    "a.aiff": ("aiff", "pcm_s16be"),
    "a.flac": ("flac", "flac"),
    "flac.ogg": ("ogg", "flac"),
    "vorbis.ogg": (),
    "a.opus": ("ogg", "libopus"),
    "constant.mp3": ("mp3", "libmp3lame"),
    "variable.mp3": ("mp3", "libmp3lame", {}, VARIABLE),
    "headless.mp3": ("mp3", "libmp3lame", HEADLESS),
    "headless variable.mp3": ("mp3", "libmp3lame", HEADLESS, VARIABLE),
    "libsndfile.mp3": (),
    "aac.m4a": ("ipod", "aac"),
    "alac.m4a": ("ipod", "alac"),
    "fragmented.mp4": ("mp4", "aac", FRAGMENTED),
    "a.aac": ("adts", "aac"),
    "a.wma": ("asf", "wmav2", {}, {"b": "64000"}),
    "a.webm": ("webm", "libopus"),
    "a.mka": ("matroska", "aac"),
    "flac.mkv": ("matroska", "flac"),
    "a.wv": ("wv", "wavpack"),
}
LOSSLESS = {"a.wav", "a.au", "a.aiff", "a.flac", "flac.ogg", "alac.m4a", "flac.mkv", "a.wv"}


class Pipe:
    """A file that cannot go back."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, part: bytes) -> int:
        self.content += bytes(part)
        return len(part)


def encode(
    samples: np.ndarray,
    container: str,
    codec: str,
    options: dict | None = None,
    codec_options: dict | None = None,
    *,
    sr: int = SR,
    pipe: bool = False,
) -> bytes:
    """Samples, of one channel or [shape=(n, 2)], as FFmpeg writes them."""
    file = Pipe() if pipe else io.BytesIO()
    samples = np.ascontiguousarray(np.atleast_2d(samples.T))
    layout = ("mono", "stereo")[len(samples) - 1]
    rate = 48000 if codec == "libopus" else sr
    with av.open(file, "w", format=container, options=options or {}) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout, options=codec_options or {})
        if codec == "wavpack":
            stream.format = "s16p"
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate, frame.pts = sr, 0
        for part in (frame, None):
            output.mux(stream.encode(part))
    return file.content if pipe else file.getvalue()


def encode_by_libsndfile(samples: np.ndarray, form: str, *, sr: int = SR) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, sr, format=form)
    return file.getvalue()


@functools.cache
def audio_bytes(name: str) -> bytes:
    """Four seconds of a tone of 440 Hz, as a file of one of the `FORMATS`."""
    tone = sine(440.0, 4.0)
    if FORMATS[name]:
        return encode(tone, *FORMATS[name])
    return encode_by_libsndfile(tone, name.rpartition(".")[2].upper())


def video_bytes() -> bytes:
    """A video without sound."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        stream = output.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for shade in range(10):
            picture = np.full((64, 64, 3), 20 * shade, dtype="u1")
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    return file.getvalue()


def decode_by_ffmpeg(content: bytes) -> tuple[np.ndarray, int]:
    """Mono samples and the sample rate, in the plainest way."""
    with av.open(io.BytesIO(content)) as container:
        converter = av.AudioResampler(format="fltp")
        parts = [
            part.to_ndarray().mean(axis=0)
            for frame in container.decode(audio=0)
            for part in converter.resample(frame)
        ]
        return np.concatenate(parts), container.streams.audio[0].rate
