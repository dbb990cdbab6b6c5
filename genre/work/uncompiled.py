"""librosa, without the 20 s in which numba compiles what nobody calls.

As it is imported, librosa has numba compile dozens of functions, and keep them in a cache that does
not bear two processes which fill it at once (numba issues 4807 and 10128). None of them is needed
here: each is compiled when it is called. All of the library imports librosa from here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numba

_PARTS = ("core", "feature", "filters", "onset", "util")  # which librosa imports when asked


class _Later:
    """A function that is compiled when it is called."""

    def __init__(self, compiled: Callable[[], Callable[..., Any]]) -> None:
        self._compile = compiled

    @cached_property
    def _compiled(self) -> Callable[..., Any]:
        return self._compile()

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        return self._compiled(*arguments, **named)


def _later(decorator: Callable[..., Any]) -> Callable[..., Any]:
    def decorate(*options: Any, **named: Any) -> Callable[..., _Later]:  # noqa: ANN401
        return lambda function: _Later(lambda: decorator(*options, **named)(function))

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
