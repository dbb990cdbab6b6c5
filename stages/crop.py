"""Cut the white frame off every picture."""

import logging
from pathlib import Path

from genre.params import Params
from genre.pictures import frame, png, versions
from genre.work.folders import Made, fill_from
from stages import run

SOURCE = Path("data/pictures/original")
TARGET = Path("data/pictures/cropped")

log = logging.getLogger(__name__)


def make(path: Path) -> Made[bool]:
    """Crop one picture; tell whether it had a frame."""
    picture = png.load(path)
    return frame.has_frame(picture), {path.name: png.encode(frame.crop(picture))}


def main(params: Params) -> str:
    if versions.brings("cropped"):
        return f"{versions.take('cropped', SOURCE, TARGET)} pictures in {TARGET}, from the corpus"
    framed = fill_from(SOURCE, TARGET, make, lambda path: (make,), description="cropping")
    for path, found in framed.items():
        if not found:
            log.warning("%s has no white frame on all four sides; see what is left of it", path)
    frameless = list(framed.values()).count(False)
    return f"{len(framed)} pictures in {TARGET}, {frameless} of them had no frame"


if __name__ == "__main__":
    run(main)
