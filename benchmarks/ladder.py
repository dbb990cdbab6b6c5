"""Cut GTZAN's tracks into segments of three seconds, a corpus to try four splits on.

Usage: python -m benchmarks.ladder SOURCE TARGET

SOURCE holds GENRE/GENRE.000NN.wav, or such files of another format; TARGET gets a folder of
segments for each genre, the track and the artist of each segment, and the fault-filtered lists in
segments. What to run on it stands in docs/results.md.
"""

import argparse
from pathlib import Path

import pandas as pd
import soundfile
from tqdm import tqdm

from genre.corpus import audio
from genre.corpus.folder import find_root, find_tracks
from genre.features.segments import segment_hop, segment_name
from genre.splitting.groups import gtzan_artists
from genre.splitting.lists import filtered_lists

SR, SEGMENT = 22_050, 3.0  # Hz and seconds


def main() -> None:
    """Cut all tracks, and write groups and lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    asked = parser.parse_args()
    if asked.target.is_dir() and any(asked.target.iterdir()):
        parser.error(f"{asked.target} is not empty: name another folder, or empty this one")
    tracks, hop = {}, segment_hop(SEGMENT, SR)
    found = find_tracks(find_root(asked.source, parameter="SOURCE"), pictures=False)
    for source in tqdm(found, disable=None):
        try:
            samples = audio.decode(source.file, sr=SR).samples
        except ValueError as error:
            print(f"left out: {source.file.name}: {error}")
            continue
        folder = asked.target / "music" / source.genre
        folder.mkdir(parents=True, exist_ok=True)
        for step in range(len(samples) // hop):
            name = segment_name(source.track, step)
            tracks[name] = source.track
            soundfile.write(folder / name, samples[step * hop : (step + 1) * hop], SR)
    table = pd.Series(tracks, name="group").rename_axis("track")
    artists = gtzan_artists()
    by_artist = table.map(lambda track: artists.get(track, track))
    table.to_csv(asked.target / "tracks.csv", lineterminator="\n")
    by_artist.to_csv(asked.target / "artists.csv", lineterminator="\n")
    for part, names in filtered_lists().items():
        (asked.target / "lists").mkdir(exist_ok=True)
        chosen = table.index[table.isin(names)].sort_values()
        lines = "".join(f"{name}\n" for name in chosen)
        (asked.target / f"lists/{part}.txt").write_text(lines, encoding="utf-8", newline="\n")
    print(f"{len(table)} segments of {table.nunique()} tracks in {asked.target}")


if __name__ == "__main__":
    main()
