"""What the 57 features of GTZAN's csv files are called, and the frames that they are made of."""

N_FFT = 2048  # samples
HOP_LENGTH = 512  # samples
N_MFCC = 20

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
