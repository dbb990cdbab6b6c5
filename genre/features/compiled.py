"""What librosa has numba compile, made once and by one process alone.

numba's cache does not bear two processes that fill it at once: they can leave it in a state in
which every later process ends in a segmentation fault (numba issues 4807 and 10128). So it is
filled here under a lock, in a folder of its own, which counts only once it is whole.
"""

import functools
import hashlib
import logging
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from genre.errors import InputError
from genre.work.cache import cache_folder
from genre.work.processor import instructions

# Run in a process of its own, since numba reads where its cache is only once.
COMPILE = """
import librosa
import numpy as np
from genre.features.extraction import extract
sound = np.sin(np.arange(66150, dtype=np.float32))
extract(sound, sr=22050)
librosa.istft(librosa.stft(sound))  # which tests and benchmarks use
"""


@functools.cache
def use_compiled_librosa() -> None:
    """Let numba load librosa's compiled functions in this process, and compile them if need be.

    To be called before librosa is used. It takes 20 s once for each installation of librosa. A
    folder that the environment variable `NUMBA_CACHE_DIR` names is taken as it is.

    Raises
    ------
    InputError
        If the functions cannot be compiled; the message says why.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    folder = cache_folder() / "numba" / _installation()
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not folder.exists():
                _compile(folder)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


def _compile(folder: Path) -> None:
    logging.getLogger(__name__).info("compiling librosa's functions, which is done once")
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as scratch:
        made = Path(scratch) / "made"
        done = subprocess.run(
            [sys.executable, "-c", COMPILE],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "NUMBA_CACHE_DIR": str(made)},
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode != 0:
            reason = done.stderr.strip().rpartition("\n")[2] or f"exit status {done.returncode}"
            raise InputError(f"{folder.parent}: librosa could not be compiled into it: {reason}")
        made.rename(folder)


def _installation() -> str:
    """Name what compiled functions depend on: where librosa is, what compiles it, and for what."""
    found = find_spec("librosa")
    if found is None or found.origin is None:
        raise InputError("librosa is not installed: pip install --no-deps -r requirements.txt")
    source = Path(found.origin)
    versions = (version("librosa"), version("numba"), version("llvmlite"), sys.version)
    parts = (str(source), source.stat().st_mtime_ns, *versions, instructions())
    return hashlib.sha256(repr(parts).encode()).hexdigest()
