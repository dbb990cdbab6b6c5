"""Put all that was found into one page."""

import json
from pathlib import Path
from typing import Any

from genre.corpus.layout import is_gtzan
from genre.corpus.tracks import picture_file, read_tracks
from genre.evaluation.predictions import probabilities_of, read_predictions
from genre.models.names import BASELINES, BEYOND, PRETRAINED
from genre.models.variants import models_of
from genre.params import Params
from genre.reporting import page, study
from genre.reporting.comparison import Comparison
from stages import run

PICTURES = Path("data/pictures/original")


def read_json(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text())
    return found


def file_of(model: str) -> Path:
    folder = "data/learned" if model in BEYOND["learned"].values() else "data/predictions"
    return Path(folder) / f"{model}.csv"


def main(params: Params) -> str:
    found = Comparison.read(Path("data/comparison"), Path("plots/curves"))
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_json("data/split.json")
    leaks = read_json("metrics/split.json")
    sizes = {name: len(split[name]) for name in ("train", "val", "test")}
    gtzan = is_gtzan(params.data.source, tracks.index)
    chosen = models_of(params.beyond.chosen())
    softmax = {model: probabilities_of(read_predictions(file_of(model))) for model in chosen}
    runtime = {model: read_json(f"metrics/runtime/{model}.json") for model in found.curves}
    text = page.render(
        source=params.data.source,
        corpus=read_json("metrics/corpus.json"),
        split=leaks,
        seeds={"split": split["seed"], "training": params.train.seed},
        sizes=sizes,
        found=found,
        baselines=BASELINES,
        listeners=[model for model in chosen if model in PRETRAINED],
        network=next(iter(params.beyond.networks), ""),
        published=study.PUBLISHED if gtzan else {},
        comparability=study.comparability(split["scheme"], split["seed"], sizes) if gtzan else "",
        figures=page.draw_all(found),
        failures=page.failed_tracks(
            found.failures,
            softmax,
            lambda track: picture_file(PICTURES / "test", track, tracks["genre"][track]),
        ),
        shared=found.failures[found.failures["wrong"] == len(chosen)],
        runtime=runtime,
    )
    target = Path("plots/report.html")
    target.write_text(text, encoding="utf-8")
    return f"{target}: {len(found.models)} models, {len(text) / 1e6:.1f} MB"


if __name__ == "__main__":
    run(main)
