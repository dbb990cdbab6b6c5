"""The segments of an excerpt that features describe one by one; the study's are ten of 3 s."""


def steps_of(duration: float, segment: float) -> int:
    """How many segments an excerpt holds: the steps of the RNNs.

    Parameters
    ----------
    duration, segment : float > 0
        Length of an excerpt, and of a segment, in seconds.
    """
    return int(round(duration / segment, 6))  # 30 / 0.1 is a little less than 300


def segment_hop(segment: float, sr: int) -> int:
    """Distance of the starts of a track's segments in samples.

    Parameters
    ----------
    segment : float > 0
        Length of a segment in seconds.
    sr : int > 0
        Sample rate in Hz.
    """
    return round(segment * sr)


def segment_length(segment: float, sr: int) -> int:
    """Length of a segment in samples: one less than the distance, as in the published files."""
    return segment_hop(segment, sr) - 1


def segment_name(track: str, step: int) -> str:
    """The name of a segment in features_3_sec.csv: `blues.00000.3.wav`."""
    return f"{track}.{step}.wav"
