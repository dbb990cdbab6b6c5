"""librosa, imported when it is first used, without the 20 s in which numba compiles.

An import of librosa takes a second and a half, in a stage that may find all its results kept, or
leave the work to other processes. As it is imported, librosa has numba compile seven functions for
several types, and keep them in a cache that does not bear two processes which fill it at once
(numba issues 4807 and 10128). None of them is needed here: each is compiled when it is called. All
of the library imports librosa from here.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

_PARTS = ("core", "feature", "filters", "onset", "util")  # which librosa imports when asked
_ONE_AT_A_TIME = threading.Lock()


def _later(decorator: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator whose functions are compiled when they are called."""

    def decorate(*options: Any, **named: Any) -> Callable[..., Any]:  # noqa: ANN401
        def keep(function: Callable[..., Any]) -> Callable[..., Any]:
            compiled = cache(lambda: decorator(*options, **named)(function))
            return lambda *arguments: compiled()(*arguments)

        return keep

    return decorate


@contextmanager
def _compiling_later() -> Iterator[None]:
    import numba

    decorators = {name: getattr(numba, name) for name in ("vectorize", "guvectorize")}
    for name, decorator in decorators.items():
        setattr(numba, name, _later(decorator))
    try:
        yield
    finally:
        for name, decorator in decorators.items():
            setattr(numba, name, decorator)


@cache
def _imported() -> ModuleType:
    with _ONE_AT_A_TIME, _compiling_later():
        import librosa

        for part in _PARTS:
            getattr(librosa, part)
    return librosa


class _WhenUsed(ModuleType):
    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(_imported(), name)


if TYPE_CHECKING:
    import librosa
else:
    librosa = _WhenUsed("librosa")

__all__ = ["librosa"]
