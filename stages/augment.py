"""Add altered copies of every training picture: masks and time reversal."""

import functools
from pathlib import Path

from genre.corpus.layout import is_for_training
from genre.params import Params
from genre.pictures import augmentation, png, versions
from genre.randomness import generator
from genre.work.folders import Made, fill_from
from stages import arguments, run

PICTURES = Path("data/pictures")


def make(path: Path, *, params: Params) -> Made[int]:
    """Take one picture, and if it is for training its altered copies as well; count them."""
    settings = params.augmentation
    files = {path.name: path.read_bytes()}
    if is_for_training(path):
        picture = png.load(path)
        for copy in range(1, settings.copies + 1):
            altered = augmentation.augment(
                picture,
                generator(params.seed, "augment", path.stem, str(copy)),
                frequency_mask=settings.frequency_mask,
                time_mask=settings.time_mask,
                mask_probability=settings.mask_probability,
                reverse_probability=settings.reverse_probability,
            )
            files[f"{path.stem}_{copy}.png"] = png.encode(altered)
    return len(files), files


def depends_on(path: Path, *, params: Params) -> tuple[object, ...]:
    return make, is_for_training(path), params.seed, params.augmentation


def main(params: Params) -> str:
    version = arguments().name
    source, target = PICTURES / version, PICTURES / f"{version}_aug"
    if versions.brings(target.name):
        return f"{versions.take(target.name, source, target)} pictures in {target}, from the corpus"
    work = functools.partial(make, params=params)
    parts = functools.partial(depends_on, params=params)
    counts = fill_from(source, target, work, parts, description="augmentation")
    return f"{sum(counts.values())} pictures in {target}"


if __name__ == "__main__":
    run(main)
