"""The segments of a track that features describe one by one: its first ten stretches of 3 s."""

STEPS = 10  # segments of a track that are used


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
