"""Put all that was found into one page, what each model is on a card, and what it costs."""

import gc
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from genre.corpus.layout import is_gtzan
from genre.corpus.tracks import picture_file, read_tracks
from genre.evaluation.predictions import probabilities_of, read_predictions, read_table
from genre.models.names import BASELINES, ENSEMBLES, HYBRID, NETWORK, PRETRAINED, title
from genre.models.variants import LEARNED, models_of, table_of
from genre.params import Params
from genre.reporting import cards, page, study
from genre.reporting.comparison import Comparison
from genre.reporting.costs import costs_of
from genre.reporting.explanation import embedding_map, importances
from genre.reporting.robustness import losses
from genre.work.cache import key
from genre.work.parallel import for_each
from stages import read_json, run, write_json

PICTURES = Path("data/pictures/original")
CARDS = Path("plots/cards")


def draw_each(found: Comparison) -> dict[str, list[Markup]]:
    """The figures that show one model; what was drawn of the same table is kept."""
    tables = {"reliability": found.calibrations, "curves": found.curves}
    items = [(kind, model) for kind, models in tables.items() for model in models]
    texts = [tables[kind][model].to_csv(lineterminator="\n") for kind, model in items]
    keys = [key(page.draw_one, *item, text) for item, text in zip(items, texts, strict=True)]
    work = partial(page.draw_one, tables=tables)
    drawn = for_each(work, items, description="figures", keys=keys, processes=1)
    figures: dict[str, list[Markup]] = {kind: [] for kind in tables}
    for (kind, _), figure in zip(items, drawn, strict=True):
        figures[kind].append(figure)
    return figures


def explanations(tables: Path) -> dict[str, Any]:
    """The figures of why models say so."""
    lost = read_table(tables / "importance.csv").set_index(["model", "group"])
    alt = "Heat map of accuracy lost by features shuffled and model"
    maps = {}
    for model, table in read_table(tables / "map.csv").groupby("model", sort=False):
        name = f"Tracks in the plane of {title(str(model))}"
        maps[name] = page.svg(partial(embedding_map, table), alt=f"{name}, by genre and failure")
    return {"importances": page.svg(partial(importances, lost), alt=alt), "maps": maps}


def write_cards(
    found: Comparison,
    altered: pd.DataFrame,
    weights: dict[str, dict[str, float]],
    params: Params,
    **facts: object,
) -> int:
    """Write the card of each model that has a file; give their number."""
    chosen = [model for model in models_of(params.beyond.chosen()) if model not in ENSEMBLES]
    network = next(iter(params.beyond.networks), "")
    CARDS.mkdir(parents=True, exist_ok=True)
    for model in chosen:
        members = [member for member, weight in weights.get(model, {}).items() if weight]
        text = cards.render(
            model,
            Path(f"data/learned/{model}.json" if model in LEARNED else f"models/{model}.keras"),
            found,
            altered,
            cnn=f"cnn-{params.model.variant}" if model == HYBRID else "",
            members=members,
            network=network if {model, *members} & {*PRETRAINED} else "",
            source=params.data.source,
            seed=params.train.seed,
            learned_from=cards.learned_from(model, params.altered.copies),
            **facts,
        )
        (CARDS / f"{model}.md").write_text(text, encoding="utf-8", newline="\n")
    return len(chosen)


def main(params: Params) -> str:
    gc.disable()  # figures are many small objects, and a search among them frees next to none
    found = Comparison.read(Path("data/comparison"), Path("plots/curves"))
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_json(Path("data/split.json"))
    leaks = read_json(Path("metrics/split.json"))
    sizes = {name: len(split[name]) for name in ("train", "val", "test")}
    gtzan = is_gtzan(params.data.source, tracks.index)
    chosen = models_of(params.beyond.chosen())
    softmax = {model: probabilities_of(read_predictions(table_of(model))) for model in chosen}
    learned = [model for model in chosen if model in LEARNED]
    trained = [model for model in chosen if model not in (*ENSEMBLES, *LEARNED)]
    networks = [NETWORK] if params.beyond.networks else []
    runs = {
        model: read_json(Path("metrics/runtime") / f"{model}.json")
        for model in (*trained, *networks, *BASELINES)
    }
    weights = {model: read_json(Path(f"data/learned/{model}.json")) for model in learned}
    pair = [HYBRID, f"rnn-{params.rnn.variant}"]
    costs = costs_of(runs, {**dict.fromkeys(ENSEMBLES, pair), **weights})
    write_json(costs, Path("metrics/costs.json"))
    drawn = page.draw_all(found) | draw_each(found)
    altered = pd.read_csv("data/robustness.csv", index_col=["model", "transformation"])
    if len(altered):
        drawn["robustness"] = page.svg(
            partial(losses, altered), alt="Heat map of accuracy lost by model and transformation"
        )
    drawn |= explanations(Path("data/explanation"))
    text = page.render(
        source=params.data.source,
        corpus=read_json(Path("metrics/corpus.json")),
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
        robustness=read_json(Path("metrics/robustness.json")),
        failures=page.failed_tracks(
            found.failures,
            softmax,
            lambda track: picture_file(PICTURES / "test", track, tracks["genre"][track]),
        ),
        shared=found.failures[found.failures["wrong"] == len(chosen)],
        runtime={model: runs[model] for model in found.curves},
        costs=costs,
    )
    target = Path("plots/report.html")
    target.write_text(text, encoding="utf-8", newline="\n")
    written = write_cards(found, altered, weights, params, gtzan=gtzan, split=leaks)
    return f"{target}: {len(found.models)} models, {len(text) / 1e6:.1f} MB; {written} cards"


if __name__ == "__main__":
    run(main)
