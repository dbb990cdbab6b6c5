"""Measure the library beside the straightforward way, and print a table.

Usage: python -m benchmarks

Everything runs on one core, both ways by turns, so that a noisy machine slows both alike; then
the features of several tracks on one core and on all, and the memory that took.
"""

import io
import os
import platform
import resource
import time
from collections.abc import Callable
from functools import partial

# Before numpy is imported: one core is one core.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

import albumentations
import numpy as np
import pandas as pd
from PIL import Image
from skimage.util import random_noise

from benchmarks import references
from genre.corpus.demo.performance import make_track
from genre.features.extraction import extract
from genre.pictures import augmentation, frame, noise, png, spectrograms
from genre.randomness import generator
from genre.work.parallel import for_each

SR = 22050
SEGMENT = 3 * SR
ROUNDS = 5
TRACKS = 8  # for the scaling over cores
SETTINGS = {"n_fft": 2048, "hop_length": 512, "n_mels": 128, "top_db": 80.0}
LOOK = {"top_db": 80.0, "colour_map": "magma"}


def both_ways(ours: Callable[[], object], reference: Callable[[], object]) -> tuple[float, float]:
    """The shortest time of each in ms, by turns."""
    times = {ours: [], reference: []}
    for work in (ours, reference):
        work()
    for _ in range(ROUNDS):
        for work, found in times.items():
            start = time.perf_counter()
            work()
            found.append(1000 * (time.perf_counter() - start))
    return min(times[ours]), min(times[reference])


def stretches(samples: np.ndarray) -> list[np.ndarray]:
    """A track and its ten segments."""
    starts = range(0, 10 * SEGMENT, SEGMENT)
    return [samples, *(samples[k : k + SEGMENT - 1] for k in starts)]


def all_features(samples: np.ndarray) -> None:
    for stretch in stretches(samples):
        extract(stretch, sr=SR)


def all_features_by_calls(samples: np.ndarray) -> None:
    for stretch in stretches(samples):
        references.features(stretch, sr=SR)


def render(decibels: np.ndarray) -> bytes:
    return png.encode(spectrograms.draw(decibels, **LOOK))


def noise_of(kind: int, picture: np.ndarray) -> Callable[[], object]:
    """`add_noise` with a seed that draws one kind of noise."""
    seed = next(s for s in range(99) if np.random.default_rng(s).integers(3) == kind)
    amounts = {"salt_pepper": 0.05, "gaussian": 0.1, "poisson": 64.0}
    return lambda: noise.add_noise(picture, np.random.default_rng(seed), **amounts)


def comparisons(samples: np.ndarray) -> dict[str, tuple[Callable, Callable]]:
    """What is measured: each piece of work, ours and the reference."""
    decibels = spectrograms.mel_spectrogram(samples, sr=SR, **SETTINGS)
    framed = spectrograms.draw(decibels, **LOOK)
    cropped = np.ascontiguousarray(frame.crop(framed))
    rng = np.random.default_rng

    def masked(axis: int, longest: int) -> Callable[[], object]:
        side = "y" if axis == 0 else "x"
        limits = {f"num_masks_{side}": 1, f"mask_{side}_length": (0, longest)}
        transform = albumentations.XYMasking(**limits, fill=0, p=1.0)
        return lambda: transform(image=cropped)["image"]

    flip = albumentations.HorizontalFlip(p=1.0)
    ours = png.encode(cropped)
    plain = io.BytesIO()
    Image.fromarray(cropped).save(plain, format="PNG")

    def as_bytes(values: np.ndarray) -> np.ndarray:
        return (255 * values).astype(np.uint8)

    return {
        "features of a 30 s track, 11 x 57": (
            partial(all_features, samples),
            partial(all_features_by_calls, samples),
        ),
        "picture from decibels to PNG": (
            partial(render, decibels),
            partial(references.specshow_png, decibels, **LOOK),
        ),
        "frequency mask": (
            lambda: augmentation.mask(cropped, axis=0, longest=50, rng=rng(0)),
            masked(0, 50),
        ),
        "time mask": (
            lambda: augmentation.mask(cropped, axis=1, longest=65, rng=rng(0)),
            masked(1, 65),
        ),
        "time reversal": (
            lambda: augmentation.reverse(cropped),
            lambda: flip(image=cropped)["image"],
        ),
        "salt and pepper": (
            noise_of(0, cropped),
            lambda: as_bytes(random_noise(cropped, "s&p", rng=0, amount=0.05)),
        ),
        "Gaussian noise": (
            noise_of(1, cropped),
            lambda: as_bytes(random_noise(cropped, "gaussian", rng=0, var=0.01)),
        ),
        "Poisson noise": (
            noise_of(2, cropped),
            lambda: as_bytes(random_noise(cropped, "poisson", rng=0)),
        ),
        "PNG read and written, for scale": (
            lambda: png.encode(np.array(Image.open(io.BytesIO(ours)))),
            lambda: Image.open(plain).save(io.BytesIO(), format="PNG"),
        ),
    }


def on_cores(cores: set[int], tracks: list[np.ndarray]) -> float:
    """Seconds for the features of some tracks with so many cores."""
    os.sched_setaffinity(0, cores)
    list(for_each(all_features, tracks[: len(cores)], description="start"))
    start = time.perf_counter()
    list(for_each(all_features, tracks, description="features"))
    return time.perf_counter() - start


def peak_memory(_: int) -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> None:
    """Measure all, and print it."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    track = partial(make_track, "rock", duration=30.0, sr=SR, borrow=0.0)
    tracks = [track(generator(k, "benchmark")) for k in range(TRACKS)]
    print(f"{platform.machine()}, {len(cores)} cores, Python {platform.python_version()}\n")
    rows = {}
    for name, (ours, reference) in comparisons(tracks[0]).items():
        fast, slow = both_ways(ours, reference)
        rows[name] = {"ours, ms": fast, "reference, ms": slow, "times faster": slow / fast}
    print(pd.DataFrame(rows).T.round(2).to_markdown(), "\n")
    rounds = [[on_cores(set(n), tracks) for n in (cores[:1], cores)] for _ in range(ROUNDS)]
    one, every = np.min(rounds, axis=0)
    print(f"features of {TRACKS} tracks: {one:.1f} s on one core, {every:.1f} s on {len(cores)},")
    print(f"{one / every:.2f} times faster")
    workers = max(for_each(peak_memory, range(4 * len(cores)), description="memory"))
    print(f"peak memory: {workers:.0f} MB in a process that computed features")


if __name__ == "__main__":
    main()
