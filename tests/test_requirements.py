"""The requirements files name all that is needed: pip is told to look for nothing else."""

import re
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPOSITORY


def pinned(file: str) -> dict[str, str]:
    """The version of each package that a file and the files it includes name."""
    found: dict[str, str] = {}
    for line in (REPOSITORY / file).read_text().splitlines():
        if included := re.fullmatch(r"-r (\S+)", line):
            found |= pinned(included[1])
        elif line and not line.lstrip().startswith("#"):
            name, version = line.split("==")
            found[canonicalize_name(name)] = version
    return found


@pytest.mark.parametrize(
    "file",
    ["requirements.txt", "requirements-dask.txt", "requirements-page.txt", "requirements-dev.txt"],
)
def test_what_a_package_needs_is_pinned_beside_it(file):
    pins = pinned(file)
    assert pins["musicnn"] == "0.1.0"
    for name, version in pins.items():
        assert distribution(name).version == version
        for text in distribution(name).requires or ():
            need = Requirement(text)
            if (name, need.name) == ("streamlit", "pyarrow"):
                continue  # see requirements-override.in
            if name != "musicnn" and (need.marker is None or need.marker.evaluate({"extra": ""})):
                assert pins[canonicalize_name(need.name)] in need.specifier, f"{name} needs {text}"


def test_text_of_pandas_is_kept_as_the_stages_expect_it():
    """Where pyarrow is there, pandas takes it for text, and scikit-learn fails on the index."""
    assert "pyarrow" not in pinned("requirements-dev.txt")
