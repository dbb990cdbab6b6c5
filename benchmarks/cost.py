"""Count what each trained model costs: parameters, and multiply-adds for a track.

Usage: python -m benchmarks.cost

Reads `models/`, after `dvc repro` or `dvc pull`. The whole model counts: the hybrid with its CNN,
musicnn's classifiers with musicnn, which hear all patches of a track of 30 s.
"""

from pathlib import Path

from genre.training import devices  # first: it imports Keras as it should be

import keras
import pandas as pd

from genre.features.patches import FRAMES, frames_of
from genre.training.cost import cost_of

PATCHES = frames_of(30 * 22_050, sr=22_050) // FRAMES


def main() -> None:
    """Print a line a model."""
    devices.prepare(0, backend=keras.backend.backend(), deterministic=False, split_operations=False)
    rows = []
    for path in sorted(Path("models").glob("*.keras")):
        cost = cost_of(keras.models.load_model(path, safe_mode=True), length=PATCHES)
        rows.append((path.stem, cost.parameters, round(cost.multiply_adds / 1e6, 2)))
    table = pd.DataFrame(rows, columns=["model", "parameters", "million multiply-adds a track"])
    print(table.to_markdown(index=False))


if __name__ == "__main__":
    main()
