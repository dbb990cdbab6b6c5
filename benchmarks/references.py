"""The straightforward way to do what the library does faster: what its results must equal."""

import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from genre.pictures.spectrograms import BOX_HEIGHT, BOX_WIDTH, HEIGHT, LEFT, TOP, WIDTH
from genre.work.uncompiled import librosa

DPI = 100


def features(samples: np.ndarray, *, sr: int) -> dict[str, float]:
    """The 57 features by librosa's own calls, each from the samples, as scripts compute them."""
    frames = {"pad_mode": "reflect"}
    harmonic = librosa.effects.harmonic(samples, **frames)
    percussive = librosa.effects.percussive(samples, **frames)
    tail = len(samples) // 512 * 512  # the published files have zeros behind the last whole hop
    harmonic[tail:] = percussive[tail:] = 0
    series = {
        "chroma_stft": librosa.feature.chroma_stft(y=samples, sr=sr, **frames),
        "rms": librosa.feature.rms(y=samples, **frames),
        "spectral_centroid": librosa.feature.spectral_centroid(y=samples, sr=sr, **frames),
        "spectral_bandwidth": librosa.feature.spectral_bandwidth(y=samples, sr=sr, **frames),
        "rolloff": librosa.feature.spectral_rolloff(y=samples, sr=sr, **frames),
        "zero_crossing_rate": librosa.feature.zero_crossing_rate(samples),
        "harmony": harmonic,
        "perceptr": percussive,
    }
    mfcc = librosa.feature.mfcc(y=samples, sr=sr, n_mfcc=20, **frames)
    series |= {f"mfcc{k}": row for k, row in enumerate(mfcc, start=1)}
    values = {}
    for name, row in series.items():
        values |= {f"{name}_mean": np.mean(row), f"{name}_var": np.var(row)}
    onsets = librosa.onset.onset_strength(y=samples, sr=sr, aggregate=np.median, **frames)
    return values | {"tempo": librosa.feature.tempo(onset_envelope=onsets, sr=sr)[0]}


def specshow_png(decibels: np.ndarray, *, top_db: float, colour_map: str) -> io.BytesIO:
    """A spectrogram in GTZAN's white frame, drawn by librosa and saved by matplotlib as PNG."""
    bottom = HEIGHT - TOP - BOX_HEIGHT
    box = (LEFT / WIDTH, bottom / HEIGHT, BOX_WIDTH / WIDTH, BOX_HEIGHT / HEIGHT)
    figure = plt.figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
    axes = figure.add_axes(box)
    librosa.display.specshow(decibels, ax=axes, cmap=colour_map, vmin=-top_db, vmax=0.0)
    axes.set_axis_off()
    png = io.BytesIO()
    figure.savefig(png, format="png")
    plt.close(figure)
    return png


def specshow(decibels: np.ndarray, *, top_db: float, colour_map: str) -> np.ndarray:
    """The pixels of `specshow_png` [shape=(288, 432, 3), dtype=uint8]."""
    png = specshow_png(decibels, top_db=top_db, colour_map=colour_map)
    with Image.open(png) as picture:
        return np.array(picture.convert("RGB"))
