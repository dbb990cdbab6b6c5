"""What the models are called that are one of a kind."""

HYBRID = "hybrid-2.0"
ENSEMBLES = {"ensemble-3.1": "sum", "ensemble-3.2": "agreement", "ensemble-3.3": "product"}
# Beyond the study, by the stage that makes them and their numbers; params.yaml chooses of these.
BEYOND = {
    "short_chunk": {"4.0": "short-chunk-4.0"},
    "linear": {"4.1": "musicnn-4.1", "4.2": "musicnn-4.2"},
    "transformer": {"4.3": "transformer-4.3"},
    "learned": {"3.4": "ensemble-3.4", "3.5": "ensemble-3.5"},
}
NETWORK = "musicnn"  # what the pretrained network's files are called, whichever it is
PRETRAINED = (*BEYOND["linear"].values(), *BEYOND["transformer"].values())  # in part
BASELINES = ("baseline-majority", "baseline-logistic", "baseline-boosting", "baseline-svm")
TITLES = {
    "short-chunk-4.0": "Short-chunk CNN 4.0",
    "musicnn-4.1": "musicnn 4.1",
    "musicnn-4.2": "musicnn and features 4.2",
    "baseline-svm": "Baseline SVM",
}


def chosen(cnn: str, rnn: str) -> dict[str, str]:
    """The networks of the study's chain by their role: "cnn", "rnn" and "hybrid".

    Parameters
    ----------
    cnn, rnn : str
        The variants that the hybrid and the study's ensembles read.
    """
    return {"cnn": f"cnn-{cnn}", "rnn": f"rnn-{rnn}", "hybrid": HYBRID}


def title(model: str) -> str:
    """A model's name for people: `cnn-1.3` is `CNN 1.3`."""
    name, _, number = model.partition("-")
    plain = f"{name.upper() if name.endswith('nn') else name.capitalize()} {number}"
    return TITLES.get(model, plain)
