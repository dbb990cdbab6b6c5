"""Notice a file that was cut off, by what its container says of its own length.

Decoders read what is there, and most take the first half of a song for a song. So the bytes that a
container announces are compared with those that are there: of RIFF (WAV), FORM (AIFF), Sun's au,
Ogg (RFC 3533), MP4 (ISO 14496-12), Matroska and WebM (RFC 8794), ASF (WMA), and MP3 with a header
(Xing, Info, VBRI).
"""

import functools

little = functools.partial(int.from_bytes, byteorder="little")
big = functools.partial(int.from_bytes, byteorder="big")

SLACK = 8  # bytes that are not missed: some programs count the header's own
# Bytes: what writes to a pipe cannot go back, and leaves a size of nearly 2 or 4 GiB. So nothing is
# said of a file that is to be as long as that.
UNKNOWN = 0x7EFF_0000
EBML, SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
ASF, ASF_DATA = b"\x30\x26\xb2\x75", bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
BOXES = {
    b"emsg", b"free", b"ftyp", b"mdat", b"meta", b"mfra", b"moof", b"moov", b"pdin", b"prft",
    b"sidx", b"skip", b"ssix", b"styp", b"uuid", b"wide",
}  # fmt: skip

# kbit/s by the number in a frame's header: of MPEG 2, of MPEG 1, and of its Layer II
BIT_RATES = (
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0),
)


def missing(content: bytes) -> str:
    """Say what a file lacks at its end.

    Parameters
    ----------
    content : bytes
        All of the file.

    Returns
    -------
    str
        What is missing, in a few words; empty where nothing is, or where the file does not say how
        long it is.
    """
    end = _announced_end(content)
    if len(content) + SLACK < end < UNKNOWN:
        return f"{len(content)} of at least {end} bytes are there"
    if content[:4] == b"OggS":
        page = _last_page(content)
        if not big(content[page + 5 : page + 6]) & 4:
            return "its last page does not end the stream"
    return ""


def frame_length(frame: bytes, *, sr: int) -> int:
    """How long a frame of an MP3 is, by its header.

    Parameters
    ----------
    frame : bytes
        At least its first four bytes.
    sr : int > 0
        Its sample rate in Hz.

    Returns
    -------
    int
        A number of bytes; 0 where it is not said, or where this is no frame of Layer II or III
        (ISO 11172-3, 13818-3).
    """
    layer = 4 - (frame[1] >> 1 & 3) if len(frame) >= 4 else 0
    if layer not in (2, 3) or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return 0
    first = frame[1] >> 3 & 1  # MPEG 1
    rates = BIT_RATES[2 if first and layer == 2 else first]
    halves = 1 if layer == 3 and not first else 2  # of 576 samples
    return 72 * halves * 1000 * rates[frame[2] >> 4] // sr + (frame[2] >> 1 & 1)


def announced_frames(content: bytes) -> int:
    """How many frames an MP3 says it has; 0 if it does not say."""
    return _first_frame(content)[0]


def _announced_end(content: bytes) -> int:
    """Where the last part ends that a file says it has, in bytes; 0 where it does not say."""
    match content[:4]:
        case b"RIFF":
            return 8 + little(content[4:8])
        case b"FORM":
            return 8 + big(content[4:8])
        case b".snd":
            return big(content[4:8]) + big(content[8:12])
        case b"OggS":
            page = _last_page(content)
            body = page + 27 + big(content[page + 26 : page + 27])
            return body + sum(content[page + 27 : body])
    if content[:4] == EBML:
        return _end_of_segment(content)
    if content[:4] == ASF:
        data = content.find(ASF_DATA)
        return data + little(content[data + 16 : data + 24])
    if content[4:8] in BOXES:
        return _end_of_boxes(content)
    return _first_frame(content)[1]


def _last_page(content: bytes) -> int:
    """Where the last page of an Ogg file begins, of those whose header is whole."""
    return max(content.rfind(b"OggS\0", 0, -22), 0)


def _end_of_segment(content: bytes) -> int:
    """Where the segment of a Matroska file ends, which holds all but the first few bytes."""
    size, place = _number(content, 4)
    segment = place + size
    if content[segment : segment + 4] != SEGMENT:
        return 0
    size, place = _number(content, segment + 4)
    return place + size


def _number(content: bytes, place: int) -> tuple[int, int]:
    """A number as Matroska writes it, behind as many zeros as it has bytes more; where it ends."""
    end = place + 9 - big(content[place : place + 1]).bit_length()
    return big(content[place:end]) & ((1 << 7 * (end - place)) - 1), end


def _end_of_boxes(content: bytes) -> int:
    """Where the last of an MP4's outermost boxes ends; what else follows does not count."""
    place = 0
    while content[place + 4 : place + 8] in BOXES:
        size = big(content[place : place + 4])
        if size == 1:
            size = big(content[place + 8 : place + 16])
        if size < 8:  # 0 says: whatever there is
            return 0
        place += size
    return place


def _first_frame(content: bytes) -> tuple[int, int]:
    """What the first frame of an MP3 says: how many follow, and where the last ends; 0 for none."""
    start = _end_of_tags(content)
    first = content[start : start + 64]
    if first[:1] != b"\xff":
        return 0, 0
    for name in (b"Xing", b"Info"):
        _, found, after = first.partition(name)
        if found:
            flags = big(after[:4])
            size = 4 + 4 * (flags & 1)  # the number of frames may stand before the bytes
            end = start + big(after[size : size + 4])
            return big(after[4:size]), end if flags & 2 else 0
    _, found, after = first.partition(b"VBRI")
    return (big(after[10:14]), start + big(after[6:10])) if found else (0, 0)


def _end_of_tags(content: bytes) -> int:
    """Where what an MP3 begins with ends: tags, ID3v2 one after another, and zeros between them."""
    rest = content.lstrip(b"\0")
    while rest[:3] == b"ID3":
        size = sum(byte << 7 * (3 - k) for k, byte in enumerate(rest[6:10]))
        footer = 10 if big(rest[5:6]) & 16 else 0
        rest = rest[10 + size + footer :].lstrip(b"\0")
    return len(content) - len(rest)
