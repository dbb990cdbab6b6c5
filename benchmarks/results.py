"""Keep the scores of runs on real music, and make docs/results.md of them.

Usage: python -m benchmarks.results keep NAME "CORPUS" [PROJECT]    after a run
       python -m benchmarks.results                                 writes the page and pictures

What is kept is docs/results/NAME.json: scores, the split, the parameters that are not a preset's,
and what computed. No path and no track is in it.
"""

import sys
from pathlib import Path
from typing import Any

import jinja2
import matplotlib
import pandas as pd

matplotlib.use("agg")
import matplotlib.pyplot as plt

from benchmarks.records import PROJECT, keep, read_records
from genre.models.names import BASELINES, title
from genre.reporting.study import PUBLISHED

RUNGS = {
    "segments-at-random": "segments\nat random",
    "tracks-at-random": "tracks\nat random",
    "artists-apart": "artists\napart",
    "fault-filtered": "fault-filtered\nlists",
}
LADDER = {
    "baseline-svm": "SVM on the 57 features",
    "cnn-1.0": "CNN 1.0 on pictures",
    "musicnn-4.1": "musicnn 4.1, pretrained",
}


def scores_of(record: dict[str, Any]) -> pd.DataFrame:
    """The scores of a run, a row a model."""
    return pd.DataFrame(record["models"]).T


def over_seeds(records: dict[str, Any]) -> pd.DataFrame:
    """What seeds of training make of a model's accuracy, a row a model."""
    seeds = [scores_of(records[name])["accuracy"] for name in records if name.startswith("seed-")]
    return pd.concat(seeds, axis=1).agg(["mean", "std", "min", "max", "count"], axis=1)


def spans_of(rows: pd.DataFrame) -> list[pd.Series]:
    """How far the interval of each accuracy reaches below and above it."""
    return [rows["accuracy"] - rows["accuracy_low"], rows["accuracy_high"] - rows["accuracy"]]


def draw_splits(records: dict[str, Any], target: Path) -> None:
    """Draw what the study published beside what its models get on two splits."""
    random, filtered = (scores_of(records[name]) for name in ("study-split", "filtered-lists"))
    models = [model for model in random.index if model != "baseline-majority"]
    figure, axes = plt.subplots(figsize=(8, 4.6), layout="constrained")
    for scores, offset, colour, label in (
        (random, -0.12, "tab:blue", "tracks at random, as in the study"),
        (filtered, 0.12, "tab:orange", "fault-filtered lists: artists apart"),
    ):
        rows = scores.loc[models]
        places = [k + offset for k in range(len(models))]
        axes.errorbar(
            rows["accuracy"], places, xerr=spans_of(rows), fmt="o", color=colour, label=label
        )
    said = [(PUBLISHED[m][0], k) for k, m in enumerate(models) if m in PUBLISHED]
    axes.plot(*zip(*said, strict=True), "kx", label="published by the study")
    axes.set_yticks(range(len(models)), [title(model) for model in models])
    axes.invert_yaxis()
    axes.set(xlabel="accuracy on the test tracks, with its 95 % interval", xlim=(0.25, 0.95))
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=3, frameon=False, fontsize=8)
    figure.savefig(target, dpi=110, metadata={"Software": None})


def draw_ladder(records: dict[str, Any], target: Path) -> None:
    """Draw what the same models get on four splits of the same segments."""
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for number, (model, label) in enumerate(LADDER.items()):
        rows = pd.DataFrame([records[f"ladder-{rung}"]["models"][model] for rung in RUNGS])
        places = [k + 0.08 * (number - 1) for k in range(len(RUNGS))]
        axes.errorbar(places, rows["accuracy"], yerr=spans_of(rows), fmt="o-", label=label)
    axes.set_xticks(range(len(RUNGS)), list(RUNGS.values()))
    axes.set(ylabel="accuracy on the test segments")
    axes.grid(axis="y", alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(target, dpi=110, metadata={"Software": None})


PICTURES = {"gtzan.png": draw_splits, "ladder.png": draw_ladder}


def interval(scores: pd.Series, metric: str = "accuracy") -> str:
    """A score and its interval, as text."""
    return f"{scores[metric]:.3f} [{scores[f'{metric}_low']:.2f}, {scores[f'{metric}_high']:.2f}]"


def published(scores: pd.Series, model: str, metric: str) -> str:
    """What the study published, and whether it lies within our interval, as text."""
    if model not in PUBLISHED:
        return ""
    said = dict(zip(("accuracy", "f1"), PUBLISHED[model], strict=True))[metric]
    within = scores[f"{metric}_low"] <= said <= scores[f"{metric}_high"]
    return f"{said:.3f}, {'within' if within else 'not within'}"


def chance(record: dict[str, Any], model: str) -> str:
    """The p of a model against the best baseline, as text; nothing for a baseline."""
    p = record["p_holm against the best baseline"].get(model)
    return "" if p is None else "< .001" if p < 0.001 else f"{p:.3f}"


def settings(record: dict[str, Any]) -> str:
    """Preset, parameters, seeds, and what computed, as text."""
    changes = ", ".join(
        f"`{name}: {', '.join(map(str, value)) or '[]'}`"
        if isinstance(value, list)
        else f"`{name}: {value}`"
        for name, value in record["parameters"].items()
        if not name.endswith(("source", "scheme", "groups"))
    )
    computers = " and ".join(sorted(set(record["computed by"].values())))
    seeds = record["seeds"]
    return (
        f"The preset `{record['preset']}` of revision `{record['revision']}`"
        f"{' with ' if changes else ''}{changes}; seeds: split "
        f"{seeds['split']}, training {seeds['training']}; computed by {computers}."
    )


def render(records: dict[str, Any]) -> str:
    """Write the page."""
    environment = jinja2.Environment(  # noqa: S701 - no HTML
        loader=jinja2.FileSystemLoader(PROJECT / "benchmarks", encoding="utf-8"),
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template("results.md.j2").render(
        records=records,
        scores={name: scores_of(record) for name, record in records.items()},
        seeds=over_seeds(records),
        literature=pd.read_csv(PROJECT / "benchmarks/published.csv", dtype=str).fillna(""),
        study=PUBLISHED,
        baselines=BASELINES,
        ladder=LADDER,
        rungs=RUNGS,
        title=title,
        interval=interval,
        published=published,
        chance=chance,
        settings=settings,
    )


def main() -> None:
    """Keep a run, or make the page."""
    match sys.argv[1:]:
        case ["keep", name, corpus, *elsewhere]:
            keep(Path(*elsewhere), name, corpus)
        case []:
            records = read_records()
            for name, draw in PICTURES.items():
                draw(records, PROJECT / "docs" / name)
            page = PROJECT / "docs/results.md"
            page.write_text(render(records), encoding="utf-8", newline="\n")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
