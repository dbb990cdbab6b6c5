"""Draw the pictures that compare models, and lay out the curves of the chosen ones."""

import gc
import logging
import shutil
from pathlib import Path

import pandas as pd

from genre.models.names import chosen
from genre.params import Params
from genre.reporting import figures, panels
from genre.reporting.comparison import Comparison
from genre.reporting.robustness import losses
from stages import read_json, run

PLOTS = Path("plots/comparison")
CURVES, CHOSEN = Path("plots/curves"), Path("plots/chosen")

log = logging.getLogger(__name__)


def main(params: Params) -> str:
    gc.disable()  # figures are many small objects, and a search among them frees next to none
    found = Comparison.read(Path("data/comparison"), CURVES)
    split = read_json(Path("data/split.json"))
    tracks = int(found.genres.loc[found.models.index[0], "tracks"].sum())
    subtitle = f"{tracks} test tracks, {split['scheme']} split, seed {split['seed']}"
    drawn = {
        "overall": figures.ranking(found.models, found.runs, subtitle=subtitle),
        "radar": figures.radar(figures.families(found.models), subtitle=subtitle),
        "confusion": panels.confusions(found.confusions, subtitle=subtitle),
        "genres": figures.class_scores(found.class_f1, subtitle=f"F1 by genre; {subtitle}"),
        "significance": figures.pair_map(
            found.pairs, found.ranking, subtitle="p of each pair, exact McNemar, Holm; " + subtitle
        ),
        "reliability": panels.reliability(found.calibrations, subtitle=subtitle),
        "curves": panels.curves(found.curves),
    }
    altered = pd.read_csv("data/robustness.csv", index_col=["model", "transformation"])
    if len(altered):
        drawn["robustness"] = losses(altered, subtitle=subtitle)
    for name, figure in drawn.items():
        figures.save_figure(figure, PLOTS / f"{name}.png")
    CHOSEN.mkdir(parents=True, exist_ok=True)
    for role, model in chosen(params.model.variant, params.rnn.variant).items():
        if model in found.curves:  # `dvc plots diff` compares files of one name
            shutil.copyfile(CURVES / f"{model}.csv", CHOSEN / f"{role}.csv")
    if strange := [genre for genre in found.class_f1.columns if not figures.can_draw(genre)]:
        log.warning(
            "the pictures' font lacks letters of %s: plots/report.html shows them",
            ", ".join(strange),
        )
    return f"{len(drawn)} pictures in {PLOTS}"


if __name__ == "__main__":
    run(main)
