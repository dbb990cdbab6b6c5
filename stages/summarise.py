"""Write the headline: the scores of the chosen CNN and RNN, the hybrid and the ensembles."""

import shutil
from pathlib import Path

import pandas as pd

from genre.evaluation.predictions import predicted, read_predictions, read_table
from genre.models.names import ENSEMBLES, HYBRID
from genre.params import Params
from stages import read_json, run, write_json

HEADLINE = Path("plots/headline")


def main(params: Params) -> str:
    chain = {
        "cnn": f"cnn-{params.model.variant}",
        "rnn": f"rnn-{params.rnn.variant}",
        "hybrid": HYBRID,
        **{f"ensemble_{rule}": model for model, rule in ENSEMBLES.items()},
    }
    HEADLINE.mkdir(parents=True, exist_ok=True)
    scores = read_table(Path("data/comparison/models.csv")).set_index("model")
    summary = {"split": read_json(Path("data/split.json"))["scheme"]}
    for role, model in chain.items():
        table = read_predictions(Path(f"data/predictions/{model}.csv"))
        test = table[table["split"] == "test"]
        summary[role] = dict(scores.loc[model, ["accuracy", "f1"]])
        pairs = pd.DataFrame({"actual": test["genre"], "predicted": predicted(test)})
        pairs.to_csv(HEADLINE / f"{role}_confusion.csv", index=False, lineterminator="\n")
        if model not in ENSEMBLES:
            shutil.copyfile(f"plots/curves/{model}.csv", HEADLINE / f"{role}_curves.csv")
    best = read_table(Path("data/comparison/validation.csv")).iloc[0]
    summary["best"] = {  # which is chosen by validation, never by test
        "model": best["model"],
        "val_log_loss": best["log_loss"],
        **scores.loc[best["model"], ["accuracy", "f1"]],
    }
    write_json(summary, Path("metrics/summary.json"))
    figures = ", ".join(f"{role} {summary[role]['accuracy']:.3f}" for role in chain)
    return f"test accuracy on {len(test)} tracks: {figures}"


if __name__ == "__main__":
    run(main)
