"""Add a noisy copy of every training picture."""

import functools
from pathlib import Path

from genre.corpus.layout import is_for_training
from genre.params import Params
from genre.pictures import noise, png, versions
from genre.randomness import generator
from genre.work.folders import Made, fill_from
from stages import run

SOURCE = Path("data/pictures/cropped_aug")
TARGET = Path("data/pictures/cropped_aug_inj")


def make(path: Path, *, params: Params) -> Made[int]:
    """Take one picture, and if it is for training its noisy copy as well; count them."""
    files = {path.name: path.read_bytes()}
    if is_for_training(path):
        noisy = noise.add_noise(
            png.load(path),
            generator(params.seed, "noise", path.stem),
            salt_pepper=params.noise.salt_pepper,
            gaussian=params.noise.gaussian,
            poisson=params.noise.poisson,
        )
        files[f"{path.stem}_noise.png"] = png.encode(noisy)
    return len(files), files


def depends_on(path: Path, *, params: Params) -> tuple[object, ...]:
    return make, is_for_training(path), params.seed, params.noise


def main(params: Params) -> str:
    if versions.brings(TARGET.name):
        return f"{versions.take(TARGET.name, SOURCE, TARGET)} pictures in {TARGET}, from the corpus"
    work = functools.partial(make, params=params)
    parts = functools.partial(depends_on, params=params)
    counts = fill_from(SOURCE, TARGET, work, parts, description="noise")
    return f"{sum(counts.values())} pictures in {TARGET}"


if __name__ == "__main__":
    run(main)
