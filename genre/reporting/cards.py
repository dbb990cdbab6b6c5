"""Model cards: what each trained model is, what it is worth, and how to load it.

M. Mitchell et al., "Model cards for model reporting", FAT* 2019; the head is Hugging Face's.
"""

import json
import re
import zipfile
from functools import cache, partial
from pathlib import Path

import jinja2
import pandas as pd

from genre.evaluation.transformations import TRANSFORMATIONS
from genre.models.names import PRETRAINED, title
from genre.models.variants import CNNS, RNNS
from genre.reporting.comparison import Comparison

TEMPLATE = Path(__file__).with_suffix(".md")
MANY = 10  # of what there may be any number of, in examples
WHAT = {  # by how names begin, the longest that fits
    "cnn": "A convolutional network of the study: from a picture of a track's mel spectrogram to "
    "its genre.",
    "rnn": "A recurrent network of the study: from the features of a track's segments, in the "
    "order of time, to its genre.",
    "hybrid": "The study's hybrid: dense layers on what a CNN sees in a picture of a track's mel "
    "spectrogram, and on the 57 features of the whole track.",
    "short-chunk": "A CNN from scratch that hears three seconds of sound at a time, and means what "
    "it says of them.",
    "musicnn-4.1": "A logistic regression on the mean of what a pretrained network says of each "
    "three seconds of a track.",
    "musicnn-4.2": "A logistic regression on the mean of what a pretrained network says of each "
    "three seconds of a track, and on the 57 features of the whole track.",
    "transformer": "A small transformer over the steps of a track: the 57 features of each, and "
    "what a pretrained network says of it.",
    "ensemble-3.4": "The weighted mean of what other models say, by weights that validation tracks "
    "chose.",
    "ensemble-3.5": "The product of powers of what other models say, by exponents that validation "
    "tracks chose.",
}
MADE = {  # what the names of picture and sequence versions are joined of
    "original": "pictures in their white frame",
    "cropped": "pictures without the frame",
    "raw": "raw features",
    "scaled": "features scaled to [0, 1]",
    "aug": "masked and reversed copies",
    "inj": "noisy copies",
}
READS = {
    "picture": "mel spectrogram as a picture, pixels from 0 to 255",
    "sequence": "raw features of each segment, in the order of the columns of `features_3_sec.csv`",
    "features": "raw features, in the order of the columns of GTZAN's csv files",
    "chunks": "log-mel spectrogram at 16 kHz, three seconds each",
    "patches": "log-mel spectrogram at 16 kHz, three seconds each",
    "embeddings": "musicnn's penultimate layer at each step, any value where there is none",
    "heard": "1 where a step has an embedding, else 0",
}
EXAMPLES = {"picture": "rng.uniform(0, 255, {})", "heard": "np.ones({})"}


def inputs_of(path: Path) -> tuple[str, dict[str, list[int | None]]]:
    """What a saved Keras model reads, found without Keras.

    Returns
    -------
    call : str
        How Python writes all of it: `picture`, `[patches, features]`, `{"picture": picture, ...}`.
    shapes : dict of str to list of int or None
        The shape of an example by the name of the input; None stands for any number.
    """
    with zipfile.ZipFile(path) as file:
        config = json.loads(file.read("config.json"))["config"]
    shapes = {
        layer["config"]["name"]: layer["config"]["batch_shape"][1:]
        for layer in config["layers"]
        if layer["class_name"] == "InputLayer"
    }
    match config["input_layers"]:
        case dict() as inputs:
            names = list(inputs)
            call = "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"
        case [str(name), *_]:
            names, call = [name], name
        case several:
            names = [name for name, *_ in several]
            call = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
    return call, {name: shapes[name] for name in names}


def learned_from(model: str, altered: int) -> str:
    """What a network of the study, or one that others heard for, was trained on; else nothing.

    Parameters
    ----------
    model : str
        The model.
    altered : int >= 0
        Altered excerpts of each training track.
    """
    kind, _, number = model.partition("-")
    if kind in ("cnn", "rnn"):
        variant = {"cnn": CNNS, "rnn": RNNS}[kind][number]
        parts = variant["pictures" if kind == "cnn" else "sequences"].split("_")
        made = ", with ".join(MADE.get(part, part) for part in parts)
        return f"{made}; architecture: {variant['architecture']}"
    if model in PRETRAINED and altered:
        return (
            f"training tracks, and {altered} altered {'copies' if altered > 1 else 'copy'} of each"
        )
    return ""


def example(name: str, shape: list[int | None]) -> str:
    """A line of Python that makes two examples of an input at random."""
    sizes = (2, *(size or MANY for size in shape))
    values = EXAMPLES.get(name, "rng.normal(size={})").format(sizes)
    return f'{name} = {values}.astype("float32")'


def survival(altered: pd.DataFrame, model: str) -> dict[str, list[str]]:
    """What a model survives of what was tried with it, in words for people.

    Parameters
    ----------
    altered : pd.DataFrame [index: model, transformation]
        What `genre.evaluation.robustness.robustness` gave.
    model : str
        The model.

    Returns
    -------
    dict of str to list of str
        The transformations under which its accuracy "fell" beyond chance, and how far; those where
        that was "not_shown"; and those that were "not_tried".
    """
    rows = altered[altered.index.get_level_values("model") == model].droplevel("model")
    found: dict[str, list[str]] = {"fell": [], "not_shown": [], "not_tried": []}
    for name, transformation in TRANSFORMATIONS.items():
        if name not in rows.index:
            found["not_tried"].append(transformation.title)
        elif not rows["beyond_chance"][name]:
            found["not_shown"].append(transformation.title)
        else:
            accuracy = rows["accuracy"][name]
            before = f"{accuracy:.3f} instead of {accuracy + rows['lost'][name]:.3f}"
            found["fell"].append(f"{transformation.title}: accuracy {before}")
    return found


def render(
    model: str, file: Path, found: Comparison, altered: pd.DataFrame, **context: object
) -> str:
    """Write a model's card.

    Parameters
    ----------
    model : str
        The model.
    file : Path
        Its file, as people are told to open it: a Keras model, or the weights of an ensemble.
    found : Comparison
        All that was found about the models.
    altered : pd.DataFrame [index: model, transformation]
        What `genre.evaluation.robustness.robustness` gave.
    **context
        What else the template names; it fails where one is missing.
    """
    call, shapes = inputs_of(file) if file.suffix == ".keras" else ("", {})
    baseline = found.baseline.set_index("model").loc[model]
    return _template().render(
        model=model,
        file=file.as_posix(),
        what=WHAT[max(filter(model.startswith, WHAT), key=len)],
        call=call,
        shapes=shapes,
        reads=READS,
        examples=[example(name, shape) for name, shape in shapes.items()],
        genres=list(found.confusions[model]),
        scores=found.models.loc[model],
        ranking=list(found.validation.index),
        baseline=baseline,
        to_beat=found.models["accuracy"][baseline["other"]],
        survived=survival(altered, model),
        **context,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(  # noqa: S701 - no HTML
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["title"] = title
    environment.filters["literal"] = partial(re.sub, r"([\\`*_{}\[\]<>#|~&])", r"\\\1")
    # JSON's escapes of what two code units stand for, such as emoji, are not Python's.
    environment.filters["quoted"] = partial(json.dumps, ensure_ascii=False)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
