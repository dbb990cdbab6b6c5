"""Decode by libsndfile or FFmpeg, whichever reads all of a file.

FFmpeg reads what libsndfile does not, and all MP3: of one without a header, libsndfile guesses the
length from the first frame, reads no further, and lets its decoder write notes to the terminal.
Both leave out what the header of an MP3 says that the encoder added. Where the coding is lossless,
they agree exactly, and else to some 1e-6.
"""

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from genre.corpus.formats.truncation import announced_frames, frame_length, missing

if TYPE_CHECKING:  # it takes a tenth of a second, which a corpus of WAV need not spend
    from av import AudioFrame, AudioStream, Packet
    from av.container import InputContainer

    Packets = list[Packet[AudioStream]]

Sound = tuple[np.ndarray, int, int]  # mono samples, sample rate in Hz, number of channels

LONGEST = 24 * 3600  # s; no track is longer
# What FFmpeg may take a file for. It knows hundreds of formats, among them lists of other files and
# addresses, which it would open.
CONTAINERS = "aac,aiff,ape,asf,au,flac,matroska,mov,mp3,ogg,w64,wav,wv"
MPEG_IN_WAV = (b"\x50\0", b"\x55\0")  # what a WAV file calls Layer II and MP3
EXACT = ("ape", "flac", "wv")  # whose headers say to the sample how long the sound is
TOLERANCE = 0.1  # s; by how much theirs may be shorter
LEAST = 0.9  # of what other files say they hold, the share that must be there
LOSSES = 100  # packets: of so many one may be broken, and is passed over, as players do


class UnknownFormatError(ValueError):
    """Raised for a file that FFmpeg takes for nothing it knows."""


def read(path: Path) -> Sound:
    """Decode an audio file, and mix it down to mono.

    Parameters
    ----------
    path : Path
        A file, whose content says what it is, not its name.

    Returns
    -------
    (np.ndarray [shape=(n,), dtype=float32], int, int)
        The mean of the channels; the sample rate in Hz; the number of channels.

    Raises
    ------
    ValueError
        If the file holds no audio, or audio that is broken, cut off or in an unknown coding; the
        message says which, and names no file.
    """
    content = path.read_bytes()
    if not content:
        raise ValueError("holds no audio: the file is empty")
    if lack := missing(content):
        raise ValueError(f"is cut off: {lack}")
    if not _libsndfile_reads_all(content):
        return _by_ffmpeg(content)
    try:
        # As str, a name would have to be UTF-8; as bytes, on Windows, of the system's code page.
        file = soundfile.SoundFile(path if os.name == "nt" else os.fsencode(path))
    except soundfile.LibsndfileError as error:
        try:
            return _by_ffmpeg(content)
        except UnknownFormatError:
            raise ValueError(f"cannot be decoded: {_text(error)}") from error
    with file:
        return _by_libsndfile(file)


def _libsndfile_reads_all(content: bytes) -> bool:
    """Whether a file is of those that libsndfile is to read, and reads to the end."""
    match content[:4]:
        case b"FORM" | b".snd":
            return True
        case b"RIFF":
            form = content.find(b"fmt ", 12)
            return content[form + 8 : form + 10] not in MPEG_IN_WAV
        case b"fLaC":  # soundfile needs its number of samples, which is 0 if written to a pipe
            return int.from_bytes(content[21:26], "big") % 2**36 > 0
        case b"OggS":  # of several streams, side by side or one after another, only the first
            return content.count(b"OggS\0\2") == 1
    return False


def _by_libsndfile(file: soundfile.SoundFile) -> Sound:
    sr, channels = file.samplerate, file.channels
    if not file.frames:
        raise ValueError("holds no audio: its header says 0 samples")
    if file.frames > LONGEST * sr:
        raise ValueError(f"cannot be decoded: its header says {file.frames} samples at {sr} Hz")
    try:
        # Of a coding in which it cannot go back, such as GSM, soundfile has to be told how many.
        samples = file.read(file.frames, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise ValueError(f"is broken or cut off: {_text(error)}") from error
    return samples[:, 0] if channels == 1 else samples.mean(axis=1), sr, channels


def _text(error: soundfile.LibsndfileError) -> str:
    """What libsndfile says; without the prefix, which names the file."""
    return str(error.error_string).removeprefix("Error : ").rstrip(".")


def _by_ffmpeg(content: bytes) -> Sound:
    import av

    options = {"format_whitelist": CONTAINERS}
    try:
        container = av.open(io.BytesIO(content), "r", options=options, metadata_errors="ignore")
    except av.FFmpegError as error:
        reason = "holds no audio: its format is unknown, or its header is broken"
        raise UnknownFormatError(reason) from error
    with container:
        stream = container.streams.best("audio")
        if not isinstance(stream, av.AudioStream):
            kinds = sorted({str(other.type) for other in container.streams})
            raise ValueError(f"holds no audio: only {', '.join(kinds) or 'a header'}")
        if stream.codec_context is None:
            raise ValueError("cannot be decoded: FFmpeg does not know its coding")
        packets: Packets = []
        lost: list[int] = []
        problem = ""
        try:
            packets.extend(packet for packet in container.demux(stream) if packet.size)
        except av.FFmpegError as error:
            problem = error.strerror or type(error).__name__
        try:
            samples, sr, channels = _mono(_frames(stream, packets, lost))
        except av.FFmpegError as error:
            raise ValueError(f"cannot be decoded: {error.strerror}") from error
        form, told = container.format.name, _told(container, stream)
    there, due = len(samples) / sr, max(told, _span(packets))
    if form == "mp3":
        due = announced_frames(content) * there / len(packets)
    exact = form in EXACT and told > 0
    if there < (told - TOLERANCE if exact else LEAST * due):
        raise ValueError(f"is broken or cut off: {there:.2f} of {due:.2f} s are there")
    if problem and not exact:  # a tag at the end is one
        raise ValueError(f"is broken or cut off: {problem}")
    if any(packet.is_corrupt for packet in packets):
        raise ValueError("is broken or cut off: a packet is not whole")
    if _ends_within_a_frame(packets, content, sr) if form == "mp3" else len(packets) - 1 in lost:
        raise ValueError("is cut off: it ends within a frame")
    if len(lost) > 1 + len(packets) / LOSSES:
        raise ValueError(f"is broken: {len(lost)} of {len(packets)} packets cannot be decoded")
    return samples, sr, channels


def _told(container: "InputContainer", stream: "AudioStream") -> float:
    """How long a file says its sound is, in seconds; 0 if it does not, or if FFmpeg guesses."""
    if container.format.name in ("aac", "asf", "mp3"):
        return 0.0
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1e6 if len(container.streams) == 1 else 0.0


def _span(packets: "Packets") -> float:
    """The time from the first packet to the end of the last, in seconds, as they say themselves."""
    start, end = packets[0].pts or 0, (packets[-1].pts or 0) + (packets[-1].duration or 0)
    return float((end - start) * (packets[0].time_base or 0))


def _frames(stream: "AudioStream", packets: "Packets", lost: list[int]) -> Iterator["AudioFrame"]:
    """Decode packets; `lost` gets the numbers of those that cannot be decoded."""
    from av import FFmpegError

    for number, packet in enumerate((*packets, None)):  # at last, what the decoder holds back
        try:
            yield from stream.decode(packet)
        except FFmpegError:
            lost.append(number)


def _mono(frames: Iterable["AudioFrame"]) -> Sound:
    """Join frames, each the mean of its channels."""
    from av import AudioResampler

    pieces: list[np.ndarray] = []
    sr, channels, length, strays, kind = 0, 0, 0, 0, ("", "")
    for frame in frames:
        sr = sr or frame.sample_rate
        if frame.sample_rate != sr:  # what is broken may look like a frame
            strays += 1
            continue
        if kind != (frame.format.name, frame.layout.name):
            kind = (frame.format.name, frame.layout.name)
            converter = AudioResampler(format="fltp")  # to floats, and nothing else
        for converted in converter.resample(frame):
            part = converted.to_ndarray()
            pieces.append(part[0] if len(part) == 1 else part.mean(axis=0))
            channels = max(channels, len(part))
            length += part.shape[1]
        if length > LONGEST * sr:
            raise ValueError(f"cannot be decoded: it is longer than {LONGEST // 3600} h")
    if strays > 1 + len(pieces) / LOSSES:
        raise ValueError("cannot be decoded: its sample rate changes")
    if not length:
        raise ValueError("is broken or cut off: not one packet can be decoded")
    return np.concatenate(pieces), sr, channels


def _ends_within_a_frame(packets: "Packets", content: bytes, sr: int) -> bool:
    """Whether the last frame of an MP3 is not whole; FFmpeg decodes half a frame, too.

    Where a tag follows, nothing was cut off since it was written.
    """
    tagged = content[-128:-125] == b"TAG" or b"APETAGEX" in content[-160:]
    return not tagged and packets[-1].size < frame_length(bytes(packets[-1]), sr=sr)
