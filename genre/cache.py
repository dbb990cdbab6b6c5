"""What is kept between runs: results that all clones share, and records of one clone."""

import functools
import gzip
import hashlib
import inspect
import json
import os
import zlib
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType

import pooch

# Libraries whose results are kept; another version may round differently.
LIBRARIES = (
    "bottleneck", "librosa", "matplotlib", "midirenderer", "numpy", "pillow", "pretty_midi",
    "scipy", "soundfile", "soxr", "zlib-ng",
)  # fmt: skip


def cache_folder() -> Path:
    """The folder that downloads and results are kept in: `GENRE_CACHE`, or the user's cache."""
    return Path(os.environ.get("GENRE_CACHE") or pooch.os_cache("gtzan-genre"))


def key(*parts: object) -> str:
    """Make a name for a result out of all that it depends on.

    Parameters
    ----------
    *parts : object
        Checksums and parameters; a module or a function stands for its source.

    Returns
    -------
    str
        A name that is another where any part, or the version of a library, is another.
    """
    code = FunctionType | ModuleType
    named = [_source(part) if isinstance(part, code) else repr(part) for part in parts]
    return hashlib.sha256("\n".join([_libraries(), *named]).encode()).hexdigest()


def read_record(path: Path) -> object:
    """Read what `write_record` wrote; None if there is none, or if it was damaged."""
    try:
        return json.loads(gzip.decompress(path.read_bytes()))  # which checks a checksum
    except (OSError, EOFError, ValueError, zlib.error):
        return None


def write_record(content: object, path: Path) -> None:
    """Write what JSON can hold, and so that it is never found half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    scratch.write_bytes(gzip.compress(json.dumps(content).encode(), 1, mtime=0))
    scratch.replace(path)


@functools.cache
def _libraries() -> str:
    return " ".join(f"{name} {version(name)}" for name in LIBRARIES)


@functools.cache
def _source(code: FunctionType | ModuleType) -> str:
    return hashlib.sha256(inspect.getsource(code).encode()).hexdigest()
