"""Add a noisy copy of every training sequence."""

from pathlib import Path

from genre.corpus.tracks import read_tracks
from genre.features.sequences import Sequences, inject_noise
from genre.params import Params
from genre.randomness import generator
from genre.splitting.splits import read_split
from stages import run


def main(params: Params) -> str:
    noisy = inject_noise(
        Sequences.load(Path("data/sequences/scaled.npz")),
        read_split(Path("data/split.json")),
        read_tracks(Path("data/tracks.csv"))["genre"],
        generator(params.seed, "sequence noise"),
        low=params.sequences.noise_low,
        high=params.sequences.noise_high,
    )
    noisy.save(Path("data/sequences/scaled_inj.npz"))
    return f"{len(noisy.tracks)} sequences with their noisy copies"


if __name__ == "__main__":
    run(main)
