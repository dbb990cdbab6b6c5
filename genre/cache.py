"""What is kept between runs, outside the workspace, so that clones share it."""

import functools
import hashlib
import inspect
import os
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType

import pooch

# Libraries whose results are kept; another version may round differently.
LIBRARIES = ("bottleneck", "librosa", "matplotlib", "numpy", "pillow", "scipy", "soundfile", "soxr")


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


@functools.cache
def _libraries() -> str:
    return " ".join(f"{name} {version(name)}" for name in LIBRARIES)


@functools.cache
def _source(code: FunctionType | ModuleType) -> str:
    return hashlib.sha256(inspect.getsource(code).encode()).hexdigest()
