import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from tools import platforms


def write_wheel(folder: Path, tag: str) -> str:
    """A wheel of a package that holds nothing; gives its SHA-256."""
    path = folder / f"thing-1.0-{tag}.whl"
    about = {
        "METADATA": "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n",
        "WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in about.items():
            wheel.writestr(f"thing-1.0.dist-info/{name}", content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ask(monkeypatch, capsys, file: Path) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["platforms", str(file)])
    with pytest.raises(SystemExit) as ended:
        platforms.main()
    return int(ended.value.code), capsys.readouterr().out


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """Pins a package with wheels for Windows, and for Linux with one Python; those are all."""
    tags = ("py3-none-win_amd64", "cp312-cp312-manylinux_2_17_x86_64")
    hashes = [f"--hash=sha256:{write_wheel(tmp_path, tag)}" for tag in tags]
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    file = tmp_path / "requirements.txt"
    file.write_text(f"thing==1.0 {' '.join(hashes)}\n")
    return file


def test_each_platform_and_python_is_looked_at(file, monkeypatch, capsys):
    status, said = ask(monkeypatch, capsys, file)
    assert status == 1
    rows = [line.rsplit(maxsplit=3) for line in said.splitlines()[1:5]]
    assert rows == [
        ["Linux x86-64", "lacking", "there", "lacking"],
        ["Linux arm64", "lacking", "lacking", "lacking"],
        ["macOS arm64", "lacking", "lacking", "lacking"],
        ["Windows x86-64", "there", "there", "there"],
    ]
    assert "Linux arm64, Python 3.12: error: No solution found" in said
    assert "thing==1.0" in said


def test_only_platforms_that_a_marker_names_need_it(file, monkeypatch, capsys):
    file.write_text(file.read_text().replace("1.0 ", "1.0 ; sys_platform == 'win32' "))
    assert ask(monkeypatch, capsys, file)[0] == 0


def test_where_no_registry_answers_nothing_is_said_of_wheels(file, monkeypatch, capsys):
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:1/simple")
    status, said = ask(monkeypatch, capsys, file)
    assert status == platforms.NOT_LOOKED_AT
    assert "no registry answers" in said
    assert "lacking" not in said


def test_nor_where_uv_is_told_to_ask_nobody(file, monkeypatch, capsys):
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert ask(monkeypatch, capsys, file)[0] == platforms.NOT_LOOKED_AT


def test_a_file_that_is_not_there_is_not_lacking_on_platforms(tmp_path, monkeypatch, capsys):
    status, said = ask(monkeypatch, capsys, tmp_path / "requirements.txt")
    assert (status, said) == (2, "")


def test_a_registry_that_falls_silent_hides_nothing_that_was_found(file, monkeypatch, capsys):
    answers = iter(["no wheel"])

    def fault(*_: object) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise platforms.NoRegistryError from None

    monkeypatch.setattr(platforms, "fault", fault)
    status, said = ask(monkeypatch, capsys, file)
    assert (status, "Linux x86-64, Python 3.11: no wheel" in said) == (1, True)
    assert ask(monkeypatch, capsys, file)[0] == platforms.NOT_LOOKED_AT
