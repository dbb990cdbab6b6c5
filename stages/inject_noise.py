"""Add a noisy copy of every training picture."""

import functools
import shutil
from pathlib import Path

from genre import noise, pictures
from genre.corpus import versions
from genre.parallel import for_each
from genre.params import Params
from genre.randomness import generator
from stages import run

SOURCE = Path("data/pictures/cropped_aug")
TARGET = Path("data/pictures/cropped_aug_inj")


def make(path: Path, *, params: Params) -> int:
    """Copy one picture, and if it is for training add its noisy copy; count the files."""
    copied = TARGET / path.relative_to(SOURCE)
    copied.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, copied)
    if path.relative_to(SOURCE).parts[0] != "train":
        return 1
    picture = noise.add_noise(
        pictures.load(path),
        generator(params.seed, "noise", path.stem),
        salt_pepper=params.noise.salt_pepper,
        gaussian=params.noise.gaussian,
        poisson=params.noise.poisson,
    )
    pictures.save(picture, copied.with_stem(f"{path.stem}_noise"))
    return 2


def main(params: Params) -> str:
    if versions.brings(TARGET.name):
        return f"{versions.take(TARGET.name, SOURCE, TARGET)} pictures in {TARGET}, from the corpus"
    paths = sorted(SOURCE.glob("*/*/*.png"))
    work = functools.partial(make, params=params)
    return f"{sum(for_each(work, paths, description='noise'))} pictures in {TARGET}"


if __name__ == "__main__":
    run(main)
