import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genre.corpus.online import remote, sources
from genre.errors import InputError
from tests.conftest import REPOSITORY, sine, write_audio, write_params
from tests.corpus.online.test_archives import make_tar, make_zip
from tests.server import Site, serve

CONTENT = random.Random(1).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(remote, "PAUSE", 0.0)
    return tmp_path / "cache"


@pytest.fixture
def site():
    with serve(Site({"/a.bin": CONTENT})) as site:
        yield site


def fetch(site: Site) -> bytes:
    return remote.fetch(f"{site.address}/a.bin?x=1", sha256=SHA256).read_bytes()


def starts(site: Site) -> list[int]:
    """Where the requests began that asked for a part."""
    return [int(asked.strip("bytes=-")) for _, asked in site.requests if asked]


def test_a_file_is_downloaded_once(site, cache):
    assert fetch(site) == CONTENT
    assert fetch(site) == CONTENT
    assert site.requests == [("/a.bin", None)]
    assert {path.name for path in cache.iterdir()} == {
        f"{SHA256[:16]}-a.bin",
        f"{SHA256[:16]}.lock",
    }


def test_a_cut_connection_is_taken_up_where_it_broke(site):
    site.cut_after = [1_000_000, 500_000]
    assert fetch(site) == CONTENT
    assert len(site.requests) == 3
    (first, second), have = starts(site), remote.CHUNK
    assert 1_000_000 - have < first <= 1_000_000
    assert first + 500_000 - have < second <= first + 500_000


def test_a_server_without_ranges_is_asked_again_from_the_start(site):
    site.ranges, site.cut_after = False, [1_000_000]
    assert fetch(site) == CONTENT
    assert len(site.requests) == 2


def test_a_download_that_stopped_goes_on_in_the_next_run(site, monkeypatch, cache):
    monkeypatch.setattr(remote, "RETRIES", 0)
    site.cut_after = [2_000_000]
    with pytest.raises(InputError, match="cannot be downloaded: .* goes on where this one stopped"):
        fetch(site)
    assert fetch(site) == CONTENT
    (start,) = starts(site)
    assert 2_000_000 - remote.CHUNK < start <= 2_000_000
    assert not list(cache.glob("*.part"))


def test_a_whole_part_is_not_downloaded_again(site, cache):
    fetch(site)
    (whole,) = cache.glob("*a.bin")
    whole.rename(whole.with_name(whole.name + ".part"))
    assert fetch(site) == CONTENT
    assert site.requests[1] == ("/a.bin", f"bytes={len(CONTENT)}-")


@pytest.mark.parametrize("error", [-1000, 1000])
def test_a_wrong_size_is_noticed(site, error, cache, monkeypatch):
    monkeypatch.setattr(remote, "RETRIES", 1)
    site.length_error = error
    with pytest.raises(InputError):
        fetch(site)
    assert not list(cache.glob("*a.bin"))


def test_a_wrong_checksum_is_refused_and_leaves_nothing(site, cache):
    wrong = "0" * 64
    with pytest.raises(InputError, match=f"has another checksum than {wrong}"):
        remote.fetch(f"{site.address}/a.bin", sha256=wrong)
    assert [path.name for path in cache.iterdir()] == [f"{wrong[:16]}.lock"]


def test_a_slow_server_is_given_up_on(site, monkeypatch):
    monkeypatch.setattr(remote, "TIMEOUT", (1, 0.2))
    monkeypatch.setattr(remote, "RETRIES", 1)
    site.delay = 1.0
    with pytest.raises(InputError, match="timed out"):
        fetch(site)
    assert len(site.requests) == 2


def test_what_is_not_there_is_asked_for_once(site):
    site.status = 404
    with pytest.raises(InputError, match="404 .* Check the address"):
        fetch(site)
    assert len(site.requests) == 1
    with pytest.raises(InputError, match="cannot be downloaded"):
        remote.fetch("nonsense://x/a", sha256=SHA256)


def test_an_archive_is_downloaded_and_unpacked_once(site, tmp_path, cache):
    archive = make_tar(tmp_path / "genres.tar.gz", [("genres/blues/a.wav", b"x")]).read_bytes()
    site.files = {"/genres.tar.gz": archive}
    address, sha256 = f"{site.address}/genres.tar.gz", hashlib.sha256(archive).hexdigest()
    for _ in range(2):
        folder = sources.fetch_archive(address, sha256=sha256, limit=1000)
        assert (folder / "genres/blues/a.wav").read_bytes() == b"x"
    assert len(site.requests) == 1
    assert {path.name for path in cache.iterdir()} == {folder.name, f"{sha256[:16]}.lock"}


def test_what_else_lies_in_the_cache_stays_there(site, tmp_path, cache):
    """Also beside what a process that was killed while it unpacked has left, which goes."""
    archive = make_tar(tmp_path / "a.tar.gz", [("a.wav", b"x")]).read_bytes()
    site.files = {"/a.tar.gz": archive}
    sha256 = hashlib.sha256(archive).hexdigest()
    users = [
        "tmp",
        "tmpfile",
        "tmp-recordings/a.wav",
        "b-unpacked-1.part/a.wav",
        "lock/a",
        "x.part",
    ]
    killed = f"{sha256[:16]}-unpacked.part/half"
    for name in [*users, killed]:
        (cache / name).parent.mkdir(parents=True, exist_ok=True)
        (cache / name).write_text("the user's")
    folder = sources.fetch_archive(f"{site.address}/a.tar.gz", sha256=sha256, limit=1000)
    assert [path.name for path in folder.iterdir()] == ["a.wav"]
    assert {name: (cache / name).read_text() for name in users} == dict.fromkeys(
        users, "the user's"
    )
    assert not (cache / killed).exists()


def test_a_refused_archive_leaves_nothing(site, tmp_path, cache):
    archive = make_tar(tmp_path / "a.tar.gz", [("a", b"1"), ("../b", b"x")]).read_bytes()
    site.files = {"/a.tar.gz": archive}
    sha256 = hashlib.sha256(archive).hexdigest()
    with pytest.raises(InputError, match="a name that leaves its folder"):
        sources.fetch_archive(f"{site.address}/a.tar.gz", sha256=sha256, limit=1000)
    assert [path.name for path in cache.iterdir()] == [f"{sha256[:16]}.lock"]


def corpus_archive(tmp_path: Path) -> bytes:
    for genre in ("blues", "jazz"):
        for k in range(5):
            path = tmp_path / f"corpus/{genre}/{genre}.{k:05d}.wav"
            samples = sine(220.0 * (k + 1), 4.0 + k / 10)
            noise = np.random.default_rng(k).normal(0.0, 0.05, len(samples))  # hard to compress
            write_audio(path, samples + noise.astype("f4"))
    files = sorted((tmp_path / "corpus").rglob("*.wav"))
    members = [(f"genres/{p.parent.name}/{p.name}", p.read_bytes()) for p in files]
    return make_tar(tmp_path / "genres.tar.gz", members).read_bytes()


def download(folder: Path, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "stages.download"], cwd=folder, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def test_killed_downloads_end_in_the_same_table(tmp_path, monkeypatch):
    archive = corpus_archive(tmp_path)
    with serve(Site({"/genres.tar.gz": archive}, delay=0.02)) as site:
        write_params(
            tmp_path,
            {
                "data.source": "url",
                "data.url.address": f"{site.address}/genres.tar.gz",
                "data.url.sha256": hashlib.sha256(archive).hexdigest(),
            },
        )

        def run() -> dict[str, bytes]:
            output, _ = (process := download(tmp_path)).communicate(timeout=120)
            assert process.returncode == 0, output
            files = [tmp_path / "data/tracks.csv", *(tmp_path / "data/audio").rglob("*.wav")]
            return {path.name: path.read_bytes() for path in files}

        def kill_when(reached: Callable[[], bool]) -> None:
            process = download(tmp_path)
            while not reached():
                assert process.poll() is None, process.communicate()[0]
                time.sleep(0.002)
            os.killpg(process.pid, 9)
            process.communicate()
            assert process.returncode == -9

        def arrived() -> int:
            return sum(path.stat().st_size for path in another.glob("*.tar.gz.part"))

        undisturbed = run()
        another = tmp_path / "another"
        monkeypatch.setenv("GENRE_CACHE", str(another))
        shutil.rmtree(tmp_path / "data")
        for share in (0.2, 0.5, 0.8):
            kill_when(lambda s=share: arrived() > s * len(archive))
        assert len(starts(site)) == 2  # what had come was not asked for again
        assert starts(site) == sorted(starts(site))
        for count in (1, 4, 8):
            kill_when(lambda n=count: len(list((tmp_path / "data").rglob("*.wav"))) >= n)
            for path in list((tmp_path / "data").rglob("*.wav"))[:count]:
                path.unlink()
        assert not (tmp_path / "data/tracks.csv").exists()
        assert run() == undisturbed


@pytest.fixture
def kaggle(tmp_path, monkeypatch):
    """What Kaggle's address answers, where kagglehub's own setting points to this machine."""
    monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "LOCALHOST")
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path / "kagglehub"))
    for name in ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    from kagglesdk import kaggle_env

    with serve(Site({})) as site:
        monkeypatch.setitem(kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.LOCAL, site.address)
        yield site


def test_a_dataset_is_taken_from_kaggle_once(kaggle, tmp_path):
    members = [("Data/genres_original/blues/blues.00000.wav", b"x")]
    archive = make_zip(tmp_path / "a.zip", members).read_bytes()
    with pytest.raises(InputError, match="Kaggle did not give it"):
        sources.fetch_kaggle("gtzan")
    path = kaggle.requests[-1][0]
    kaggle.files = {path: archive}
    kaggle.requests.clear()
    for _ in range(2):
        folder = sources.fetch_kaggle("gtzan")
        assert (folder / members[0][0]).read_bytes() == b"x"
    assert len(kaggle.requests) == 1


def test_a_kaggle_download_that_stopped_goes_on(kaggle, tmp_path):
    members = [("Data/genres_original/blues/blues.00000.wav", CONTENT)]
    with pytest.raises(InputError):
        sources.fetch_kaggle("gtzan")
    kaggle.files = {kaggle.requests[-1][0]: make_zip(tmp_path / "a.zip", members).read_bytes()}
    kaggle.cut_after = [2_000_000]
    with pytest.raises(InputError, match="A download that stopped goes on where it was"):
        sources.fetch_kaggle("gtzan")
    folder = sources.fetch_kaggle("gtzan")
    assert (folder / members[0][0]).read_bytes() == CONTENT
    assert starts(kaggle)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_refusal_of_kaggle_names_credentials_and_the_way_without(kaggle, status):
    kaggle.status = status
    with pytest.raises(InputError, match=r"gtzan-2-0(.|\n)*KAGGLE_API_TOKEN(.|\n)*source: folder"):
        sources.fetch_kaggle("gtzan2")


def test_a_broken_archive_of_kaggle_is_not_kept(kaggle, tmp_path):
    with pytest.raises(InputError):
        sources.fetch_kaggle("gtzan")
    path = kaggle.requests[-1][0]
    kaggle.files = {path: b"<html>busy</html>"}
    with pytest.raises(InputError, match="Kaggle sent a broken archive"):
        sources.fetch_kaggle("gtzan")
    kaggle.files = {path: make_zip(tmp_path / "a.zip", [("Data/x", b"x")]).read_bytes()}
    assert (sources.fetch_kaggle("gtzan") / "Data/x").read_bytes() == b"x"
