"""Put all that was found into one page."""

import gc
import json
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from genre.corpus.layout import is_gtzan
from genre.corpus.tracks import picture_file, read_tracks
from genre.evaluation.predictions import probabilities_of, read_predictions
from genre.models.names import BASELINES, ENSEMBLES, HYBRID, NETWORK, PRETRAINED
from genre.models.variants import LEARNED, models_of, table_of
from genre.params import Params
from genre.reporting import page, study
from genre.reporting.comparison import Comparison
from genre.reporting.costs import costs_of
from genre.reporting.robustness import losses
from stages import run

PICTURES = Path("data/pictures/original")


def read_json(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def main(params: Params) -> str:
    gc.disable()  # figures are many small objects, and a search among them frees next to none
    found = Comparison.read(Path("data/comparison"), Path("plots/curves"))
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_json("data/split.json")
    leaks = read_json("metrics/split.json")
    sizes = {name: len(split[name]) for name in ("train", "val", "test")}
    gtzan = is_gtzan(params.data.source, tracks.index)
    chosen = models_of(params.beyond.chosen())
    softmax = {model: probabilities_of(read_predictions(table_of(model))) for model in chosen}
    learned = [model for model in chosen if model in LEARNED]
    trained = [model for model in chosen if model not in (*ENSEMBLES, *LEARNED)]
    networks = [NETWORK] if params.beyond.networks else []
    runs = {model: read_json(f"metrics/runtime/{model}.json") for model in (*trained, *networks)}
    ensembles = dict.fromkeys(ENSEMBLES, [HYBRID, f"rnn-{params.rnn.variant}"])
    ensembles |= {model: list(read_json(f"data/learned/{model}.json")) for model in learned}
    drawn = page.draw_all(found)
    altered = pd.read_csv("data/robustness.csv", index_col=["model", "transformation"])
    if len(altered):
        drawn["robustness"] = page.svg(
            partial(losses, altered), alt="Heat map of accuracy lost by model and transformation"
        )
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
        figures=drawn,
        robustness=read_json("metrics/robustness.json"),
        failures=page.failed_tracks(
            found.failures,
            softmax,
            lambda track: picture_file(PICTURES / "test", track, tracks["genre"][track]),
        ),
        shared=found.failures[found.failures["wrong"] == len(chosen)],
        runtime={model: runs[model] for model in found.curves},
        costs=costs_of(runs, ensembles),
    )
    target = Path("plots/report.html")
    target.write_text(text, encoding="utf-8", newline="\n")
    return f"{target}: {len(found.models)} models, {len(text) / 1e6:.1f} MB"


if __name__ == "__main__":
    run(main)
