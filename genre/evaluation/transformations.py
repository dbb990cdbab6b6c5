"""Transformations that change nothing about a genre, and must not change the answer.

A system that has learned what a genre sounds like keeps its answers where a recording becomes
louder, or comes from a telephone; one that has learned what happens to go with a genre does not:
B. L. Sturm, "A simple method to determine if a music information retrieval system is a 'horse'",
IEEE Transactions on Multimedia 16(6), 2014.

All take and give mono float32 samples. What they give is aligned with what they take, and as
long, but for `first_10_s` and `faster`.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from genre.corpus.audio import resample
from genre.corpus.excerpts import excerpt_length

BIT_RATE = 64_000  # bit/s, of one channel
BEGINNING = 10.0  # s
SPEED = (51, 50)  # samples that become so many: 2 % faster
# Gain in dB, corner in Hz and shape of each filter. Less bass and more treble rather than the
# reverse, since it is bass that would go beyond full scale.
EQUALISER = ((-3.0, 200.0, "low_shelf"), (3.0, 4000.0, "high_shelf"))
SHELF_Q = 2**-0.5  # as steep as shelves can be without a bump
_LIMITED = 0.5  # share of the excerpts that `alter` takes their treble from


def level(samples: np.ndarray, *, decibels: float) -> np.ndarray:
    """Make a sound louder or softer, and clip what goes beyond full scale.

    Files of 16 bit, which is what listeners have, hold nothing beyond it: a model never hears a
    loud recording made louder as it would be without an end of the scale.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono audio.
    decibels : float
        By how much, in dB.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The samples, between -1 and 1.
    """
    clipped: np.ndarray = np.clip(samples * 10.0 ** (decibels / 20.0), -1.0, 1.0)
    return clipped


def mp3(samples: np.ndarray, *, sr: int) -> np.ndarray:
    """Encode a sound as MP3 at `BIT_RATE` by LAME, and decode it.

    What the encoder adds before and behind is left out again, as the file's header tells players
    to do. LAME itself makes sounds 0.4 dB softer.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32], n > 0
        Mono audio.
    sr : int > 0
        Sample rate in Hz. One that MP3 does not know is resampled to the next higher one that it
        knows, and back; the highest is 48 kHz.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The decoded samples.
    """
    import av  # it takes a tenth of a second, which who only wants the names need not spend

    rates = av.Codec("libmp3lame", "w").audio_rates or []
    rate = min((rate for rate in rates if rate >= sr), default=max(rates))
    encoded = _resampled(samples, sr, rate)
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as output:
        stream = output.add_stream("libmp3lame", rate=rate, layout="mono")
        stream.bit_rate = BIT_RATE
        frame = av.AudioFrame.from_ndarray(encoded[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        for part in (frame, None):  # at last, what the encoder holds back
            output.mux(stream.encode(part))
    with av.open(io.BytesIO(file.getvalue()), "r", format="mp3") as content:
        decoded = np.concatenate([part.to_ndarray()[0] for part in content.decode(audio=0)])
    return _resampled(decoded, rate, sr)[: len(samples)]


def band_limit(samples: np.ndarray, *, sr: int, limit: int) -> np.ndarray:
    """Take away all above a frequency, by resampling to twice that and back.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono audio.
    sr : int > 0
        Sample rate in Hz; one that holds nothing above the limit leaves the samples as they are.
    limit : int > 0
        The frequency in Hz. Resampling begins to fade out a tenth below it.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The samples without what is above the limit.
    """
    rate = min(sr, 2 * limit)
    return _resampled(_resampled(samples, sr, rate), rate, sr)[: len(samples)]


def alter(
    samples: np.ndarray, rng: np.random.Generator, *, sr: int, most: float, lowest: float
) -> np.ndarray:
    """Draw a level, and a frequency above which nothing is left of every second excerpt.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono audio.
    rng : numpy.random.Generator
        Where both come from.
    sr : int > 0
        Sample rate in Hz.
    most : float >= 0
        The most that it becomes louder or softer, in dB.
    lowest : float > 0
        The lowest such frequency in Hz; they are drawn evenly by octaves, up to sr / 2.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The excerpt, altered.
    """
    gain, limited = rng.uniform(-most, most), rng.random() < _LIMITED
    limit = np.exp(rng.uniform(np.log(min(lowest, sr / 2)), np.log(sr / 2)))
    altered = level(samples, decibels=gain)
    return band_limit(altered, sr=sr, limit=int(limit)) if limited else altered


def white_noise(
    samples: np.ndarray, rng: np.random.Generator, *, signal_to_noise: float
) -> np.ndarray:
    """Add white Gaussian noise.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono audio.
    rng : numpy.random.Generator
        Where the noise comes from.
    signal_to_noise : float
        Power of the sound, without an offset that it may have, over that of the noise, in dB.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The noisy samples; of silence, silence.
    """
    deviation = float(samples.std()) * 10.0 ** (-signal_to_noise / 20.0)
    noise = rng.standard_normal(len(samples), dtype=np.float32)
    return np.asarray(samples + deviation * noise, dtype=np.float32)


def equaliser(samples: np.ndarray, *, sr: int) -> np.ndarray:
    """Turn bass down and treble up by 3 dB each, as a mild equaliser does.

    The filters are shelves of R. Bristow-Johnson's "Audio EQ Cookbook" (W3C Note, 2021), as
    `pyloudnorm` has them. They move no frequency in time by more than a third of a millisecond.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono audio.
    sr : int > 0
        Sample rate in Hz; a shelf that begins above half of it is left out.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The filtered samples.
    """
    from pyloudnorm import IIRfilter  # it takes a second

    for gain, corner, shape in EQUALISER:
        if corner < sr / 2:
            samples = IIRfilter(gain, SHELF_Q, corner, sr, shape).apply_filter(samples)
    return np.asarray(samples, dtype=np.float32)


def first_10_s(samples: np.ndarray, *, sr: int) -> np.ndarray:
    """The first `BEGINNING` seconds of samples [shape=(n,)] at `sr` Hz; all, if they are fewer."""
    return samples[: excerpt_length(BEGINNING, sr)]


def faster(samples: np.ndarray) -> np.ndarray:
    """Play a sound 2 % faster, as a tape would: pitches rise by a third of a semitone.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono audio.

    Returns
    -------
    np.ndarray [shape=(ceil(n / 1.02),), dtype=float32]
        The samples, fewer at the same sample rate.
    """
    orig_sr, target_sr = SPEED
    return resample(samples, orig_sr=orig_sr, target_sr=target_sr)


def _resampled(samples: np.ndarray, orig_sr: int, target_sr: int) -> np.ndarray:
    """Resample audio, if there is need."""
    if orig_sr == target_sr:
        return samples
    return resample(samples, orig_sr=orig_sr, target_sr=target_sr)


@dataclass(frozen=True)
class Transformation:
    """What is done to a sound, and how a figure calls it.

    Attributes
    ----------
    title : str
        Its name for people.
    apply : callable
        Gives the changed samples [shape=(m,), dtype=float32] of mono samples [shape=(n,),
        dtype=float32], their sample rate in Hz, and a generator of random numbers.
    """

    title: str
    apply: Callable[[np.ndarray, int, np.random.Generator], np.ndarray]


TRANSFORMATIONS = {
    "quieter": Transformation("12 dB quieter", lambda x, sr, rng: level(x, decibels=-12.0)),
    "louder": Transformation("6 dB louder, clipped", lambda x, sr, rng: level(x, decibels=6.0)),
    "mp3": Transformation("MP3, 64 kbit/s", lambda x, sr, rng: mp3(x, sr=sr)),
    "band_8_khz": Transformation(
        "up to 8 kHz", lambda x, sr, rng: band_limit(x, sr=sr, limit=8000)
    ),
    "band_4_khz": Transformation(
        "up to 4 kHz", lambda x, sr, rng: band_limit(x, sr=sr, limit=4000)
    ),
    "noise": Transformation(
        "white noise at 20 dB", lambda x, sr, rng: white_noise(x, rng, signal_to_noise=20.0)
    ),
    "equaliser": Transformation("equaliser, 3 dB", lambda x, sr, rng: equaliser(x, sr=sr)),
    "first_10_s": Transformation("first 10 s", lambda x, sr, rng: first_10_s(x, sr=sr)),
    "faster": Transformation("2 % faster", lambda x, sr, rng: faster(x)),
}
