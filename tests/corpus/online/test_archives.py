import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from genre.corpus.online import archives
from genre.corpus.online.archives import unpack
from genre.errors import InputError

FILES = {"genres/blues/a.wav": b"one", "genres/jazz/b.wav": b"two" * 1000}


def make_tar(path: Path, members: list[tarfile.TarInfo | tuple[str, bytes]], mode="w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return path


def make_zip(path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("kind", ["w:gz", "w", "w:xz", "w:bz2", "zip"])
def test_an_archive_is_unpacked(tmp_path, kind):
    make = make_zip if kind == "zip" else lambda path, members: make_tar(path, members, kind)
    unpack(make(tmp_path / "a", list(FILES.items())), tmp_path / "out", limit=10_000)
    for name, content in FILES.items():
        assert (tmp_path / "out" / name).read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "out"]


@pytest.mark.parametrize("mask", [0o022, 0o002, 0o077])
def test_the_umask_says_who_may_read_what_is_unpacked(tmp_path, mask):
    before = os.umask(mask)
    try:
        unpack(make_tar(tmp_path / "a", [("blues/a.wav", b"x")]), tmp_path / "out", limit=9)
    finally:
        os.umask(before)
    unpacked = (tmp_path / "out", *(tmp_path / "out").rglob("*"))
    modes = [path.stat().st_mode & 0o777 for path in unpacked]
    assert modes == [0o777 & ~mask, 0o777 & ~mask, 0o666 & ~mask]


def refused(tmp_path: Path, archive: Path, message: str, limit: int = 10_000) -> None:
    with pytest.raises(InputError, match=message):
        unpack(archive, tmp_path / "out", limit=limit)
    assert [path for path in tmp_path.rglob("*") if path != archive] == []


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/a", "..\\a", "C:\\a"])
@pytest.mark.parametrize("make", [make_tar, make_zip])
def test_names_that_leave_the_folder_are_refused(tmp_path, make, name):
    archive = make(tmp_path / "a", [("fine", b"1"), (name, b"x")])
    refused(tmp_path, archive, "a name that leaves its folder")


@pytest.mark.parametrize(
    "member",
    [
        special("l", tarfile.SYMTYPE, "/etc/passwd"),
        special("l", tarfile.SYMTYPE, "fine"),
        special("l", tarfile.LNKTYPE, "fine"),
        special("l", tarfile.FIFOTYPE),
        special("l", tarfile.CHRTYPE),
    ],
)
def test_links_and_devices_are_refused(tmp_path, member):
    refused(tmp_path, make_tar(tmp_path / "a", [("fine", b"1"), member]), "a link or device: l")


def test_links_in_zips_are_refused(tmp_path):
    link = zipfile.ZipInfo("l")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(tmp_path, make_zip(tmp_path / "a", [(link, b"/etc/passwd")]), "a link or device: l")


@pytest.mark.parametrize("make", [make_tar, make_zip])
def test_bombs_are_refused(tmp_path, make):
    archive = make(tmp_path / "a", [("bomb", bytes(50_000_000))])
    assert archive.stat().st_size < 100_000
    refused(tmp_path, archive, "holds more than 0.01 GB: .* raise data.url", limit=10_000_000)
    many = make(tmp_path / "a", [(f"{k}", bytes(1000)) for k in range(20)])
    refused(tmp_path, many, "holds more than", limit=19_999)
    unpack(many, tmp_path / "out", limit=20_000)


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 5)
    archive = make_tar(tmp_path / "a", [(f"{k}", b"") for k in range(6)])
    refused(tmp_path, archive, "more than 5 files")


@pytest.mark.parametrize("make", [make_tar, make_zip])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_truncated_archives_are_refused(tmp_path, make, kept):
    noise = [(f"{k}", bytes((j * j + k) % 251 for j in range(5000))) for k in range(20)]
    archive = make(tmp_path / "a", noise)
    content = archive.read_bytes()
    archive.write_bytes(content[: int(kept * len(content))])
    refused(tmp_path, archive, "a cannot be unpacked", limit=10**6)


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"<html>not found</html>")
    refused(tmp_path, tmp_path / "a", "a cannot be unpacked .* not a whole tar or zip")
