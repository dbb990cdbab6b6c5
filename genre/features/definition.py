"""What the 57 features of GTZAN's csv files are called, and the stretches that they describe."""

N_FFT = 2048  # samples
HOP_LENGTH = 512  # samples
N_MFCC = 20
STEPS = 10  # segments of a track that are used

_PAIRS = (
    "chroma_stft",
    "rms",
    "spectral_centroid",
    "spectral_bandwidth",
    "rolloff",
    "zero_crossing_rate",
    "harmony",
    "perceptr",
)
FEATURES = (
    *(f"{name}_{statistic}" for name in _PAIRS for statistic in ("mean", "var")),
    "tempo",
    *(f"mfcc{k}_{statistic}" for k in range(1, N_MFCC + 1) for statistic in ("mean", "var")),
)
COLUMNS = ("filename", "length", *FEATURES, "label")


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
