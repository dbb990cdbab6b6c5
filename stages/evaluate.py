"""Score all fourteen models on the test tracks, and draw the pictures that compare them."""

import json
from pathlib import Path

import pandas as pd

from genre import evaluation, figures
from genre.models.variants import ENSEMBLES, MODELS
from genre.params import Params
from genre.predictions import read_predictions
from stages import run

METRICS = Path("metrics/models")
PLOTS = Path("plots/comparison")


def main(params: Params) -> str:
    tests = {}
    for model in MODELS:
        table = read_predictions(Path(f"data/predictions/{model}.csv"))
        tests[model] = table[table["split"] == "test"]
    split = json.loads(Path("data/split.json").read_text())
    METRICS.mkdir(parents=True, exist_ok=True)
    PLOTS.mkdir(parents=True, exist_ok=True)
    for model, test in tests.items():
        report = {**evaluation.overall(test), "tracks": len(test), "split": split["scheme"]}
        (METRICS / f"{model}.json").write_text(json.dumps(report, indent=1) + "\n")
    classes = {model: evaluation.by_class(test) for model, test in tests.items()}
    genres = pd.concat(classes, names=["model"]).round(6)
    genres.to_csv(PLOTS / "genres.csv", lineterminator="\n")
    scores = pd.DataFrame({m: evaluation.overall(t) for m, t in tests.items()}).T
    scores.to_csv(PLOTS / "models.csv", index_label="model", lineterminator="\n")

    subtitle = f"{len(test)} test tracks, {split['scheme']} split, seed {split['seed']}"
    f1 = pd.DataFrame({model: table["f1"] for model, table in classes.items()}).T
    matrices = {model: evaluation.confusion(test) for model, test in tests.items()}
    trained = [model for model in MODELS if model not in ENSEMBLES]
    histories = {model: pd.read_csv(f"plots/curves/{model}.csv") for model in trained}
    for name, figure in {
        "overall": figures.bars(scores, subtitle=subtitle),
        "radar": figures.radar(scores, subtitle=subtitle),
        "confusion": figures.confusions(matrices, subtitle=subtitle),
        "genres": figures.class_scores(f1, subtitle=subtitle),
        "curves": figures.curves(histories),
    }.items():
        figures.save_figure(figure, PLOTS / f"{name}.png")
    best = scores["accuracy"].idxmax()
    return (
        f"{len(scores)} models scored; the best is {best}, accuracy {scores['accuracy'][best]:.3f}"
    )


if __name__ == "__main__":
    run(main)
