"""Look whether all that is pinned has wheels for each platform and Python that is promised.

Usage: python -m tools.platforms [FILE]        a requirements file; requirements-dev.txt if none

Asks a registry by uv, which is in requirements-dev.txt, and downloads and installs nothing; so it
is pip that looks at the hashes, when it installs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PYTHONS = ("3.11", "3.12", "3.13")
# The oldest system of each that all wheels run on: their glibc, or their macOS.
PLATFORMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux arm64": "aarch64-manylinux_2_34",  # midirenderer's
    "macOS arm64": "aarch64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}
OLDEST_MACOS = "14.0"  # av's
SOURCE_ONLY = "antlr4-python3-runtime"  # plain Python; Hydra, which DVC wants, asks for it
# A registry that does not know a package at all is a mirror of a part, which tells nothing.
NO_ANSWER = (
    "error sending request", "Failed to fetch", "HTTP status", "timed out",
    "not found in the package registry", "the network was disabled",
)  # fmt: skip
NOT_LOOKED_AT = 3


class NoRegistryError(Exception):
    """Raised where nobody can be asked."""


def fault(file: Path, platform: str, python: str) -> str:
    """Say what a platform lacks of what a file pins.

    Parameters
    ----------
    file : Path
        A requirements file with hashes.
    platform : str
        A platform, as uv calls it.
    python : str
        A version of Python, `3.12`.

    Returns
    -------
    str
        Why it could not be installed there; nothing if it could.

    Raises
    ------
    NoRegistryError
        If no registry answers.
    """
    with tempfile.TemporaryDirectory() as target:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--target", target),
                *("--python-platform", platform, "--python-version", python, "--no-deps"),
                *("--require-hashes", "--only-binary", ":all:", "--no-binary", SOURCE_ONLY),
                *("-r", str(file)),
            ],
            env={
                **os.environ,
                "MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS,
                "UV_PYTHON_DOWNLOADS": "never",
            },
            capture_output=True,
            encoding="utf-8",
        )
    if done.returncode and any(words in done.stderr for words in NO_ANSWER):
        raise NoRegistryError
    lines = [line.strip() for line in done.stderr.splitlines()]
    causes = [line for line in lines if line.startswith(("error:", "cause:"))]
    return "; ".join(causes or lines) if done.returncode else ""


def report(faults: dict[tuple[str, str], str]) -> bool:
    """Print what platforms and Pythons lack; say whether that is anything."""
    for (name, python), why in faults.items():
        if why:
            print(f"{name}, Python {python}: {why}")
    return any(faults.values())


def main() -> None:
    """Print a table; the exit status is 1 if anything is missing, 3 if nobody can be asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, nargs="?", default=Path("requirements-dev.txt"))
    file = parser.parse_args().file
    if not file.is_file():
        parser.error(f"{file}: there is no such file")
    faults: dict[tuple[str, str], str] = {}
    print(f"{'':15}", *(f"{python:8}" for python in PYTHONS))
    for name, platform in PLATFORMS.items():
        for python in PYTHONS:
            try:
                faults[name, python] = fault(file, platform, python)
            except NoRegistryError:
                print("\nno registry answers for all: whether there are wheels was not looked at")
                sys.exit(report(faults) or NOT_LOOKED_AT)
        said = ("lacking" if faults[name, python] else "there" for python in PYTHONS)
        print(f"{name:15}", *(f"{word:8}" for word in said), flush=True)
    sys.exit(report(faults))


if __name__ == "__main__":
    main()
