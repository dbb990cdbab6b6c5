"""The requirements files name all that is needed: pip is told to look for nothing else."""

import re
from importlib.metadata import distribution
from itertools import combinations

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPOSITORY

FILES = ("requirements", "requirements-dask", "requirements-page", "requirements-dev")
# What pins may differ by; the first is where the tests are run.
PLATFORMS = [
    {"sys_platform": system, "platform_machine": machine, "python_full_version": f"{python}.0",
     "python_version": python, "platform_python_implementation": "CPython",
     "implementation_name": "cpython", "platform_system": name, "os_name": os, "extra": ""}
    for system, machine, name, os in (
        ("linux", "x86_64", "Linux", "posix"), ("linux", "aarch64", "Linux", "posix"),
        ("darwin", "arm64", "Darwin", "posix"), ("win32", "AMD64", "Windows", "nt"),
    )
    for python in ("3.11", "3.12", "3.13")
]  # fmt: skip


def lines(name: str) -> list[str]:
    """The lines of a file, those that go on joined, without comments."""
    text = (REPOSITORY / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def requirements(name: str) -> dict[Requirement, list[str]]:
    """What a file itself pins, and the hashes of each."""
    found = {}
    for line in lines(name):
        if not line.startswith("-r "):
            pin, *hashes = re.split(r"\s+--hash=", line.strip())
            found[Requirement(pin)] = hashes
    return found


def applies(requirement: Requirement, environment: dict[str, str] | None = None) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment or {"extra": ""})


def included(name: str) -> set[str]:
    """A file and those it includes."""
    others = [re.fullmatch(r"-r (\S+)\.txt", line) for line in lines(name)]
    return {name}.union(*(included(other[1]) for other in others if other))


def pinned(name: str, environment: dict[str, str] | None = None) -> dict[str, str]:
    """The version of each package that a file and those it includes want, by default here."""
    return {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for file in included(name)
        for requirement in requirements(file)
        if applies(requirement, environment)
    }


@pytest.mark.parametrize("file", FILES)
def test_what_a_package_needs_is_pinned_beside_it(file):
    pins = pinned(file)
    assert pins["musicnn"] == "0.1.0"
    for name, version in pins.items():
        assert distribution(name).version == version
        for text in distribution(name).requires or ():
            need = Requirement(text)
            if (name, need.name) == ("streamlit", "pyarrow"):
                continue  # see requirements-override.in
            if name != "musicnn" and applies(need):
                assert pins[canonicalize_name(need.name)] in need.specifier, f"{name} needs {text}"


@pytest.mark.parametrize("file", FILES)
def test_every_pin_is_one_version_of_which_the_hashes_are_known(file):
    for requirement, hashes in requirements(file).items():
        assert [clause.operator for clause in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert len(hashes) == len(set(hashes))
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", known) for known in hashes), requirement


def test_no_two_files_say_something_of_one_package():
    names = {file: {canonicalize_name(r.name) for r in requirements(file)} for file in FILES}
    assert included("requirements-dev") == set(FILES)
    for first, second in combinations(FILES, 2):
        assert names[first] & names[second] == set()


def test_no_platform_has_two_versions_and_all_have_what_is_asked_for():
    asked = {
        line for file in FILES for line in (REPOSITORY / f"{file}.in").read_text().splitlines()
        if not line.startswith("#")
    }  # fmt: skip
    for environment in PLATFORMS:
        wanted = [
            canonicalize_name(requirement.name)
            for file in FILES
            for requirement in requirements(file)
            if applies(requirement, environment)
        ]
        assert len(wanted) == len(set(wanted))
        assert {canonicalize_name(name) for name in asked} <= set(wanted)


def test_text_of_pandas_is_kept_as_the_stages_expect_it():
    """Where pyarrow is there, pandas takes it for text, and scikit-learn fails on the index."""
    for environment in PLATFORMS:
        assert "pyarrow" not in pinned("requirements-dev", environment)
