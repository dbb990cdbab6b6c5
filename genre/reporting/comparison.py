"""The tables that compare models, read back from what the evaluation wrote."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from genre.evaluation.predictions import genre_of, read_table
from genre.models.names import title

ALPHA = 0.05  # models differ beyond chance below this p


@dataclass(frozen=True)
class Comparison:
    """All that was found about the models on one set of test tracks.

    Attributes
    ----------
    models : pd.DataFrame [index: model]
        Scores, and the limits of their intervals.
    validation : pd.DataFrame [index: model]
        What `genre.evaluation.scores.rank_by_validation` found.
    genres : pd.DataFrame [index: model, genre]
        Precision, recall, F1 and tracks.
    pairs, baseline : pd.DataFrame
        What `genre.evaluation.significance.compare` found of all pairs, and of each model with
        the best baseline.
    failures : pd.DataFrame [index: track]
        What `genre.evaluation.failures.consensus` found.
    confusions, calibrations, curves : dict of str to pd.DataFrame
        Confusion matrix, reliability and training curves of each model that has them.
    """

    models: pd.DataFrame
    validation: pd.DataFrame
    genres: pd.DataFrame
    pairs: pd.DataFrame
    baseline: pd.DataFrame
    failures: pd.DataFrame
    confusions: dict[str, pd.DataFrame]
    calibrations: dict[str, pd.DataFrame]
    curves: dict[str, pd.DataFrame]

    @classmethod
    def read(cls, tables: Path, curves: Path) -> "Comparison":
        """Read the tables in one folder, and the training curves in another."""
        models = read_table(tables / "models.csv").set_index("model")
        confusion = read_table(tables / "confusion.csv").set_index(["model", "genre"])
        confusion = confusion.rename(columns=genre_of)
        calibration = read_table(tables / "calibration.csv").set_index(["model", "bin"])
        files = {model: curves / f"{model}.csv" for model in models.index}
        return cls(
            models=models,
            validation=read_table(tables / "validation.csv").set_index("model"),
            genres=read_table(tables / "genres.csv").set_index(["model", "genre"]),
            pairs=read_table(tables / "pairs.csv"),
            baseline=read_table(tables / "baseline.csv"),
            failures=read_table(tables / "failures.csv").set_index("track"),
            confusions={model: confusion.loc[model] for model in models.index},
            calibrations={model: calibration.loc[model] for model in models.index},
            curves={model: pd.read_csv(path) for model, path in files.items() if path.exists()},
        )

    @cached_property
    def ranking(self) -> list[str]:
        """The models by accuracy, the best first."""
        return list(self.models["accuracy"].sort_values(ascending=False, kind="stable").index)

    @cached_property
    def runs(self) -> list[list[str]]:
        """The longest runs of the ranking in which no two models differ beyond chance."""
        differ = self.pairs[self.pairs["p_holm"] < ALPHA]
        return indistinct_runs(
            self.ranking, {frozenset(pair) for pair in differ[["model", "other"]].to_numpy()}
        )

    @cached_property
    def class_f1(self) -> pd.DataFrame:
        """F1 by model (rows) and genre (columns)."""
        return self.genres.pivot_table("f1", "model", "genre", sort=False)

    @cached_property
    def choice(self) -> str:
        """The best model by validation tracks, and what it scores on the test tracks."""
        best = self.validation.index[0]
        row = self.models.loc[best]
        return (
            f"Of the models, {title(best)} is the best on the validation tracks (log loss "
            f"{self.validation['log_loss'][best]:.2f}); on the test tracks its accuracy is "
            f"{row['accuracy']:.3f} (95 % interval {row['accuracy_low']:.3f} to "
            f"{row['accuracy_high']:.3f})."
        )

    @cached_property
    def verdict(self) -> str:
        """Which models beat the best baseline beyond chance, in one sentence."""
        rows = self.baseline
        best = rows["other"].iloc[0]
        beat = rows[(rows["p_holm"] < ALPHA) & (rows["only_model"] > rows["only_other"])]
        accuracy = self.models["accuracy"][best]
        beaten = f"the best baseline, {title(best)} (accuracy {accuracy:.3f}), beyond chance"
        how = (
            f"exact McNemar tests with Holm's correction over {len(rows)} comparisons, p < {ALPHA}"
        )
        if beat.empty:
            return f"None of the {len(rows)} models beats {beaten} ({how})."
        names = ", ".join(title(model) for model in beat["model"])
        return f"{len(beat)} of the {len(rows)} models beat {beaten}: {names} ({how})."


def indistinct_runs(ranking: list[str], differ: set[frozenset[str]]) -> list[list[str]]:
    """Find the longest runs of a ranking within which no two models differ.

    Parameters
    ----------
    ranking : list of str
        Models, the best first.
    differ : set of frozenset of str
        Pairs that differ beyond chance.

    Returns
    -------
    list of list of str
        Runs of two models or more; none is part of another.
    """
    runs: list[list[str]] = []
    reached = 0
    for start in range(len(ranking)):
        end = start + 1
        while end < len(ranking) and not any(
            frozenset((ranking[end], model)) in differ for model in ranking[start:end]
        ):
            end += 1
        if end > reached and end - start > 1:
            runs.append(ranking[start:end])
        reached = max(reached, end)
    return runs
