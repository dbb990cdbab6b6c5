"""Look for recordings that the corpus holds twice, and report on what it holds."""

import functools
import logging
from pathlib import Path

import numpy as np

from genre.corpus import audio, fingerprints
from genre.corpus.contents import find_duplicates, summarise
from genre.corpus.excerpts import excerpt_length
from genre.corpus.tracks import (
    MOST_WARNINGS,
    audio_file,
    count_not_used,
    have_audio,
    names_of,
    read_all_tracks,
    read_tracks,
)
from genre.params import Params
from genre.work.cache import key, read_record, write_record
from genre.work.parallel import for_each
from stages import run, write_json

AUDIO = Path("data/audio")
DUPLICATES = Path("data/duplicates.csv")

log = logging.getLogger(__name__)


def make(item: tuple[str, str], *, sr: int) -> np.ndarray:
    samples = audio.decode(audio_file(AUDIO, *item), sr=sr).samples
    return fingerprints.fingerprint(samples, sr=sr)


def compare(names: list[str], prints: list[np.ndarray]) -> list[fingerprints.Match]:
    """Find the matches; pairs that were compared before are taken from a record of it."""
    record = read_record(DUPLICATES) or {"compared": [], "matches": []}
    compared = set(record["compared"])
    new = [k for k, name in enumerate(names) if name not in compared]
    found = [
        (names[match.first], names[match.second], match.offset, match.bit_error_rate)
        for match in fingerprints.find_matches(prints, new=new)
    ]
    place = {name: k for k, name in enumerate(names)}
    found += [match for match in record["matches"] if match[0] in place and match[1] in place]
    write_record({"compared": names, "matches": sorted(map(tuple, found))}, DUPLICATES)
    return [fingerprints.Match(place[one], place[other], *rest) for one, other, *rest in found]


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    matches = []
    if have_audio(tracks):
        work = functools.partial(make, sr=params.data.sr)
        items = names_of(tracks["genre"])
        keys = [key(make, sha256, params.data.sr) for sha256 in tracks["sha256"]]
        prints = list(for_each(work, items, description="fingerprints", keys=keys))
        names = [f"{track} {name}" for track, name in zip(tracks.index, keys, strict=True)]
        matches = compare(names, prints)
    else:
        log.warning("the corpus has no audio: duplicates are not looked for")
    duplicates = find_duplicates(tracks, matches)
    for row in duplicates.head(MOST_WARNINGS).itertuples():
        log.warning("%s and %s are %s duplicates", row.track, row.other, row.kind)
    if len(duplicates) > MOST_WARNINGS:
        more = len(duplicates) - MOST_WARNINGS
        log.warning("%d more pairs are duplicates; %s lists all", more, DUPLICATES)
    duplicates.to_csv(DUPLICATES, index=False, lineterminator="\n")
    report = summarise(
        read_all_tracks(Path("data/tracks.csv")),
        duplicates,
        sr=params.data.sr,
        length=excerpt_length(params.data.duration, params.data.sr),
    )
    report["not_used"] = count_not_used(Path("data/not_used.csv"))
    write_json(report, Path("metrics/corpus.json"))
    if not have_audio(tracks):
        return f"{len(tracks)} tracks without audio; duplicates were not looked for"
    return (
        f"{len(duplicates)} pairs of duplicates among {len(tracks)} tracks; "
        f"{report['mixed_down']} were mixed down, {report['resampled']} resampled"
    )


if __name__ == "__main__":
    run(main)
