"""Put all that was found into one page."""

import json
from pathlib import Path
from typing import Any

from genre.corpus.layout import is_gtzan
from genre.corpus.tracks import picture_file, read_tracks
from genre.evaluation.predictions import probabilities_of, read_predictions
from genre.models.names import BASELINES
from genre.models.variants import MODELS
from genre.params import Params
from genre.reporting import page, study
from genre.reporting.comparison import Comparison
from stages import run

PICTURES = Path("data/pictures/original")


def read_json(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text())
    return found


def main(params: Params) -> str:
    found = Comparison.read(Path("data/comparison"), Path("plots/curves"))
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_json("data/split.json")
    leaks = read_json("metrics/split.json")
    sizes = {name: len(split[name]) for name in ("train", "val", "test")}
    gtzan = is_gtzan(params.data.source, tracks.index)
    softmax = {
        model: probabilities_of(read_predictions(Path(f"data/predictions/{model}.csv")))
        for model in MODELS
    }
    runtime = {model: read_json(f"metrics/runtime/{model}.json") for model in found.curves}
    text = page.render(
        source=params.data.source,
        corpus=read_json("metrics/corpus.json"),
        split=leaks,
        seeds={"split": split["seed"], "training": params.train.seed},
        sizes=sizes,
        found=found,
        baselines=BASELINES,
        published=study.PUBLISHED if gtzan else {},
        comparability=study.comparability(split["scheme"], split["seed"], sizes) if gtzan else "",
        figures=page.draw_all(found),
        failures=page.failed_tracks(
            found.failures,
            softmax,
            lambda track: picture_file(PICTURES / "test", track, tracks["genre"][track]),
        ),
        shared=found.failures[found.failures["wrong"] == len(MODELS)],
        runtime=runtime,
    )
    target = Path("plots/report.html")
    target.write_text(text, encoding="utf-8")
    return f"{target}: {len(found.models)} models, {len(text) / 1e6:.1f} MB"


if __name__ == "__main__":
    run(main)
