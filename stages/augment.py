"""Add altered copies of every training picture: masks and time reversal."""

import functools
import shutil
import sys
from pathlib import Path

from genre import augmentation, pictures
from genre.corpus import versions
from genre.parallel import for_each
from genre.params import Params
from genre.randomness import generator
from stages import run

PICTURES = Path("data/pictures")


def make(path: Path, *, source: Path, target: Path, params: Params) -> int:
    """Copy one picture, and if it is for training add its altered copies; count the files."""
    settings = params.augmentation
    copied = target / path.relative_to(source)
    copied.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, copied)
    if path.relative_to(source).parts[0] != "train":
        return 1
    picture = pictures.load(path)
    for copy in range(1, settings.copies + 1):
        altered = augmentation.augment(
            picture,
            generator(params.seed, "augment", path.stem, str(copy)),
            frequency_mask=settings.frequency_mask,
            time_mask=settings.time_mask,
            mask_probability=settings.mask_probability,
            reverse_probability=settings.reverse_probability,
        )
        pictures.save(altered, copied.with_stem(f"{path.stem}_{copy}"))
    return 1 + settings.copies


def main(params: Params) -> str:
    version = sys.argv[1]
    source, target = PICTURES / version, PICTURES / f"{version}_aug"
    if versions.brings(target.name):
        return f"{versions.take(target.name, source, target)} pictures in {target}, from the corpus"
    work = functools.partial(make, source=source, target=target, params=params)
    paths = sorted(source.glob("*/*/*.png"))
    return f"{sum(for_each(work, paths, description='augmentation'))} pictures in {target}"


if __name__ == "__main__":
    run(main)
