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
    tracks, hop = {}, segment_hop(SEGMENT, SR)
    found = find_tracks(find_root(asked.source, parameter="SOURCE"), pictures=False)
    for source in tqdm(found, disable=None):
        samples = audio.decode(source.file, sr=SR).samples
        folder = asked.target / "music" / source.genre
        folder.mkdir(parents=True, exist_ok=True)
        for step in range(len(samples) // hop):
            name = segment_name(source.track, step)
            tracks[name] = source.track
            soundfile.write(folder / name, samples[step * hop : (step + 1) * hop], SR)
    table = pd.Series(tracks, name="group").rename_axis("track")
    artists = gtzan_artists()
    table.to_csv(asked.target / "tracks.csv")
    table.map(lambda track: artists.get(track, track)).to_csv(asked.target / "artists.csv")
    for part, names in filtered_lists().items():
        (asked.target / "lists").mkdir(exist_ok=True)
        chosen = table.index[table.isin(names)].sort_values()
        (asked.target / "lists" / f"{part}.txt").write_text("\n".join(chosen) + "\n")
    print(f"{len(table)} segments of {len(found)} tracks in {asked.target}")


if __name__ == "__main__":
    main()
