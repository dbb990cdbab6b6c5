"""What is kept between runs: results that all clones share, and records of one clone."""

import functools
import gzip
import hashlib
import json
import os
import zlib
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pooch

from genre.work import processor
from genre.work.code import code_checksum

# Libraries whose results are kept; another version may round differently.
LIBRARIES = (
    "av", "librosa", "markupsafe", "matplotlib", "midirenderer", "numpy", "pandas", "pillow",
    "pretty_midi", "scipy", "soundfile", "soxr", "zlib-ng",
)  # fmt: skip


def cache_folder() -> Path:
    """The folder that downloads and results are kept in: `GENRE_CACHE`, or the user's cache."""
    return Path(os.environ.get("GENRE_CACHE") or pooch.os_cache("gtzan-genre"))


def key(*parts: object) -> str:
    """Make a name for a result out of all that it depends on.

    Parameters
    ----------
    *parts : object
        Checksums and parameters; a function stands for its code and all that it uses of the
        project's.

    Returns
    -------
    str
        A name that is another where any part, the version of a library, or the instruction set
        is another.

    Raises
    ------
    TypeError
        If a part is a module, or something callable that is no plain function.
    """
    named = [_name(part) for part in parts]
    return hashlib.sha256("\n".join([libraries(), *named]).encode()).hexdigest()


def _name(part: object) -> str:
    if isinstance(part, FunctionType):
        return code_checksum(part)
    if callable(part) or isinstance(part, ModuleType):
        raise TypeError(f"{part!r}: only a function of the project's stands for its code")
    return repr(part)


def read_record(about: Path) -> Any:  # noqa: ANN401
    """Read what `write_record` wrote about a file or a folder; None if nothing whole is there."""
    try:
        return json.loads(gzip.decompress(_record(about).read_bytes()))  # which checks a checksum
    except (OSError, EOFError, ValueError, zlib.error):
        return None


def write_record(content: object, about: Path) -> None:
    """Write what JSON can hold beside a file or a folder, never to be found half written."""
    target = _record(about)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_suffix(".part")
    scratch.write_bytes(gzip.compress(json.dumps(content).encode(), 1, mtime=0))
    scratch.replace(target)


def _record(about: Path) -> Path:
    return about.parent / ".made" / f"{about.name}.json.gz"


@functools.cache
def libraries() -> str:
    """The instruction set, and the versions of all libraries whose results are kept."""
    return " ".join([processor.describe(), *(f"{name} {version(name)}" for name in LIBRARIES)])
