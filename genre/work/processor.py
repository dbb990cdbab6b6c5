"""One instruction set for everything that computes, so that figures are the same on any processor.

Libraries choose their code by the processor that they find: one that adds eight numbers at a time
rounds otherwise than one that adds sixteen. On x86-64 all are held to AVX2 with FMA, which
processors have had since 2013 (Intel) and 2015 (AMD). The environment variable `GENRE_NATIVE=1`
lets each use all that the processor has, with other figures.

A library reads its setting when it is imported, so that this comes first: `genre/__init__.py`
imports it, and `stages`, `tools`, `tests` and `benchmarks` import `genre` before anything else.
Processes that are started from there inherit the settings.
"""

import os
import platform
import sys
from pathlib import Path

AVX2 = "AVX2"
# What LLVM knows of the first processor that has them; numba would add those of this one.
_HASWELL = (
    "64bit avx avx2 bmi bmi2 cmov cx16 cx8 f16c fma fsgsbase fxsr invpcid lzcnt mmx movbe pclmul "
    "popcnt rdrnd sahf sse sse2 sse3 sse4.1 sse4.2 ssse3 xsave xsaveopt"
)
SETTINGS = {
    "TF_ENABLE_ONEDNN_OPTS": "1",  # TensorFlow switches it on by the processor, otherwise
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",  # numpy's and scipy's matrices
    # They are small: threads would wait for each other longer than they work, and round otherwise.
    "OPENBLAS_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",  # all that numpy has above AVX2
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": ",".join(f"+{name}" for name in _HASWELL.split()),
}
_XLA = "--xla_cpu_max_isa=AVX2"  # the compiler of JAX, and of TensorFlow where it is asked for
_READERS = ("numpy", "numba", "tensorflow", "jax")


def is_portable() -> bool:
    """Whether this process is to compute with AVX2 only."""
    x86 = platform.machine().lower() in ("x86_64", "amd64")
    native = os.environ.get("GENRE_NATIVE", "").strip().lower() in ("1", "true", "yes", "on")
    return x86 and not native


def instructions() -> str:
    """The instruction set in use: "AVX2", or the processor's name where all it has may be used."""
    if is_portable() and in_force():
        return AVX2
    from llvmlite.binding import get_host_cpu_name

    return str(get_host_cpu_name())


def has_avx2() -> bool:
    """Whether the processor has what the portable figures are made with."""
    from llvmlite.binding import get_host_cpu_features

    features = get_host_cpu_features()
    return bool(features.get("avx2")) and bool(features.get("fma"))


def describe() -> str:
    """The instruction set and all settings: another text where figures may round otherwise."""
    used = instructions()
    return " ".join([used, *SETTINGS.values()]) if used == AVX2 else used


def in_force() -> bool:
    """Whether the settings, where they are wanted, were made before a library read them."""
    return not _MISSING


def _settings() -> dict[str, str]:
    flags = os.environ.get("XLA_FLAGS", "").replace(_XLA, "").strip()
    return {**SETTINGS, "XLA_FLAGS": f"{flags} {_XLA}".strip()}


def _may_have_avx2(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether Linux does not say that it has no AVX2, or no FMA."""
    try:
        with cpuinfo.open(encoding="utf-8") as lines:
            flags = next((line for line in lines if line.startswith("flags")), "avx2 fma")
            return {"avx2", "fma"} <= {*flags.split()}
    except OSError:
        return True


def _settle() -> bool:
    """Make the settings; tell whether one is missing, since a library has read it before.

    All are where the processor has no AVX2: by them OpenBLAS would end in an illegal instruction.
    """
    if not is_portable():
        return False
    if not _may_have_avx2():
        return True
    settings = _settings()
    changed = any(os.environ.get(name) != value for name, value in settings.items())
    os.environ.update(settings)
    os.environ.pop("NPY_ENABLE_CPU_FEATURES", None)  # numpy takes one or the other
    return changed and any(name in sys.modules for name in _READERS)


_MISSING = _settle()
