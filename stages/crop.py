"""Cut the white frame off every picture."""

import logging
from pathlib import Path

from genre import pictures
from genre.corpus import versions
from genre.parallel import for_each
from genre.params import Params
from stages import run

SOURCE = Path("data/pictures/original")
TARGET = Path("data/pictures/cropped")

log = logging.getLogger(__name__)


def make(path: Path) -> bool:
    """Crop one picture; tell whether it had a frame."""
    picture = pictures.load(path)
    pictures.save(pictures.crop(picture), TARGET / path.relative_to(SOURCE))
    return pictures.has_frame(picture)


def main(params: Params) -> str:
    if versions.brings("cropped"):
        return f"{versions.take('cropped', SOURCE, TARGET)} pictures in {TARGET}, from the corpus"
    paths = sorted(SOURCE.glob("*/*/*.png"))
    framed = list(for_each(make, paths, description="cropping"))
    for path, found in zip(paths, framed, strict=True):
        if not found:
            log.warning("%s has no white frame on all four sides; see what is left of it", path)
    return f"{len(paths)} pictures in {TARGET}, {framed.count(False)} of them had no frame"


if __name__ == "__main__":
    run(main)
