"""Records of runs on real music: docs/results/NAME.json, without any path or track."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from stages import read_json, write_json
from tools.gather import flatten

PROJECT = Path(__file__).parents[1]
KEPT = PROJECT / "docs/results"
SCORES = [f"{name}{end}" for name in ("accuracy", "f1") for end in ("", "_low", "_high")]
# Parameters that say where things lie; of the groups' file the name is kept.
PLACES = {"data.path", "data.table.path", "data.url.address", "split.path"}


def read_params(path: Path) -> dict[str, Any]:
    """Parameters as they stand in a file."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def changed_parameters(params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The preset that parameters are nearest to, and what they change; not where things lie."""
    ours = flatten(params)
    changes = {}
    for preset in (PROJECT / "presets").glob("*.yaml"):
        theirs = flatten(read_params(preset))
        changes[preset.stem] = {
            name: Path(str(value)).name if name == "split.groups" else value
            for name, value in ours.items()
            if theirs.get(name) != value and name not in PLACES
        }
    nearest = min(changes, key=lambda preset: len(changes[preset]))
    return nearest, changes[nearest]


def revision() -> str:
    """The commit whose presets these are."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def read_scores(project: Path, split: dict[str, Any]) -> pd.DataFrame:
    """The scores of a project's models, which are to be of its split."""
    scores = pd.read_csv(project / "data/comparison/models.csv", index_col="model")
    wanted = {"split": split["scheme"], "tracks": split["tracks"]["test"]["all"]}
    for model in scores.index:
        report = read_json(project / f"metrics/models/{model}.json")
        if wanted != {name: report[name] for name in wanted}:
            sys.exit(
                f"{model} was scored on {report['tracks']} test tracks, {report['split']}, and the "
                f"split is {wanted['split']} with {wanted['tracks']}: run evaluate, then keep it"
            )
    return scores[SCORES]


def read_robustness(project: Path) -> dict[str, Any]:
    """Accuracy, share of answers changed and a star for a loss beyond chance, as text."""
    path = project / "data/robustness.csv"
    if not path.is_file():
        return {}
    found: dict[str, Any] = {}
    for row in pd.read_csv(path).itertuples():
        cell = f"{row.accuracy:.3f} ({row.changed:.2f}){'*' * row.beyond_chance}"
        found.setdefault(row.transformation, {})[row.model] = cell
    return found


def keep(project: Path, name: str, corpus: str) -> None:
    """Keep the scores of a project that has been run."""
    split, params = read_json(project / "metrics/split.json"), read_params(project / "params.yaml")
    tried = params["robustness"]["transformations"]
    models = read_scores(project, split)
    against, validation = (
        pd.read_csv(project / f"data/comparison/{table}.csv", index_col="model")
        for table in ("baseline", "validation")
    )
    runs = {
        model: read_json(path)
        for model in models.index
        if (path := project / f"metrics/runtime/{model}.json").is_file()
    }
    preset, changes = changed_parameters(params)
    record = {
        "corpus": corpus,
        "scheme": split["scheme"],
        "seeds": {"split": params["seed"], "training": params["train"]["seed"]},
        "sizes": {part: sides["all"] for part, sides in split["tracks"].items()},
        "tracks with a group": split["groups"]["tracks_with_a_group"],
        "test tracks that share a group with training": split["groups"]["test_tracks_in_those"],
        "revision": revision(),
        "preset": preset,
        "parameters": changes,
        "best by validation": validation.index[0],
        "best baseline": against["other"].iloc[0],
        "models": models.to_dict("index"),
        "p_holm against the best baseline": against["p_holm"].to_dict(),
        "epochs": {model: run["epochs"] for model, run in runs.items() if "epochs" in run},
        "computed by": {
            model: f"{run['device']}, {run['backend']}, Keras {run['keras']}, {run['instructions']}"
            for model, run in runs.items()
            if "device" in run
        },
        "robustness": read_robustness(project) if tried else {},
    }
    write_json(record, KEPT / f"{name}.json")


def read_records() -> dict[str, Any]:
    """All that was kept, by name."""
    return {path.stem: read_json(path) for path in sorted(KEPT.glob("*.json"))}
