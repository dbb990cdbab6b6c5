"""librosa, without the 20 s in which numba compiles what nobody calls.

As it is imported, librosa has numba compile seven functions for several types, and keep them in a
cache that does not bear two processes which fill it at once (numba issues 4807 and 10128). None of
them is needed here: each is compiled when it is called. All of the library imports librosa from
here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numba

_PARTS = ("core", "feature", "filters", "onset", "util")  # which librosa imports when asked


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
    decorators = {name: getattr(numba, name) for name in ("vectorize", "guvectorize")}
    for name, decorator in decorators.items():
        setattr(numba, name, _later(decorator))
    try:
        yield
    finally:
        for name, decorator in decorators.items():
            setattr(numba, name, decorator)


with _compiling_later():
    import librosa

    for _part in _PARTS:
        getattr(librosa, _part)

__all__ = ["librosa"]
