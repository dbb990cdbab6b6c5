"""A card says what its model is worth and reads; what it tells to run, tests/stages/ runs."""

import ast
import html
import json
import re
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from markdown_it import MarkdownIt

from genre.corpus.demo.styles import GENRES
from genre.evaluation.transformations import TRANSFORMATIONS
from genre.models.beyond.linear import Linear, build_linear, join
from genre.models.cnn import build_cnn, embedder
from genre.models.hybrid import build_hybrid
from genre.models.hybrid import join as join_hybrid
from genre.models.rnn import build_rnn
from genre.models.variants import MODELS
from genre.reporting.cards import example, inputs_of, learned_from, render, survival
from genre.reporting.comparison import Comparison
from genre.training.saving import save_model


def test_there_is_a_card_of_each_model_and_it_says_what_was_found(folder):
    cards = {path.stem: path.read_text() for path in (folder / "plots/cards").iterdir()}
    assert set(cards) == {m for m in MODELS if not m.startswith("ensemble")}
    scores = pd.read_csv(folder / "data/comparison/models.csv", index_col="model")
    order = list(pd.read_csv(folder / "data/comparison/validation.csv")["model"])
    for model, card in cards.items():
        head = yaml.safe_load(card.split("---\n")[1])
        [result] = head["model-index"][0]["results"]
        assert head["model-index"][0]["name"] == model
        assert result["metrics"][0] == {"type": "accuracy", "value": scores["accuracy"][model]}
        accuracy, low, high = scores.loc[model, ["accuracy", "accuracy_low", "accuracy_high"]]
        assert f"| accuracy | {accuracy:.3f} | {low:.3f} to {high:.3f} |" in card
        assert f"Among {len(order)} models it is number {order.index(model) + 1} by log" in card
        assert f"Genres: {', '.join(sorted(GENRES))}." in card
        assert "20 train, 10 val, 50 test tracks" in card
        assert (
            "7 test tracks share a group (an artist, or a recording) with training, at the" in card
        )
        assert "the groups of 20 tracks are not known" in card
        assert "Falls beyond chance under up to 4 kHz: accuracy 0.500 instead of 0.840" in card
        assert "No loss is shown under: MP3, 64 kbit/s." in card
        assert "12 dB quieter" in card.partition("Not tried")[2]
        assert "means nothing" not in card  # which it says of the demo corpus
        cnn = " and CNN 1.4" if model == "hybrid-2.0" else ""
        assert f"it{cnn} started from random weights" in card
        assert ("Learned from: " in card) == model.startswith(("cnn", "rnn"))
        assert ("it holds all layers up to the one that it reads" in card) == (
            model == "hybrid-2.0"
        )


def test_what_a_network_learned_from_tells_it_from_the_others():
    said = {model: learned_from(model, 1) for model in MODELS if model.startswith(("cnn", "rnn"))}
    assert len(set(said.values())) == len(said) == 10
    assert said["cnn-1.3"] == (
        "pictures without the frame, with masked and reversed copies, with noisy copies; "
        "architecture: improved"
    )
    assert learned_from("transformer-4.3", 2) == "training tracks, and 2 altered copies of each"
    assert not learned_from("transformer-4.3", 0)
    assert not learned_from("hybrid-2.0", 1)


def test_what_fell_what_did_not_and_what_was_not_tried():
    index = pd.MultiIndex.from_product(
        [["cnn-1.0", "rnn-1.0"], ["quieter", "noise"]], names=["model", "transformation"]
    )
    table = pd.DataFrame(
        {"accuracy": [0.5, 0.25, 0.6, 0.6], "lost": [0.0, 0.3, 0.1, 0.1],
         "beyond_chance": [False, True, False, False]},
        index=index,
    )  # fmt: skip
    found = survival(table, "cnn-1.0")
    assert found["fell"] == ["white noise at 20 dB: accuracy 0.250 instead of 0.550"]
    assert found["not_shown"] == ["12 dB quieter"]
    assert len(found["not_tried"]) == len(TRANSFORMATIONS) - 2
    assert survival(table, "rnn-1.0")["fell"] == []
    assert len(survival(table.iloc[:0], "rnn-1.0")["not_tried"]) == len(TRANSFORMATIONS)


def hybrid() -> keras.Model:
    trunk = embedder(build_cnn("improved", shape=(32, 48, 1), classes=3))
    dense = build_hybrid(inputs=trunk.output_shape[-1] + 57, classes=3)
    return join_hybrid(trunk, dense, np.zeros(57), np.ones(57))


def pair() -> keras.Model:
    patch = keras.Input((9, 5), name="patch")
    network = keras.Model(patch, keras.layers.Flatten()(patch), name="network")
    width = 45 + 57
    linear = Linear(np.zeros(width), np.ones(width), np.ones((width, 3)), np.zeros(3), 1.0, 0.0)
    return join(network, build_linear(linear))


@pytest.mark.parametrize(
    ("build", "call", "shapes"),
    [
        (
            lambda: build_rnn("advanced", shape=(4, 57), classes=3),
            "sequence",
            {"sequence": [4, 57]},
        ),
        (
            hybrid,
            '{"picture": picture, "features": features}',
            {"picture": [32, 48, 1], "features": [57]},
        ),
        (pair, "[patches, features]", {"patches": [None, 9, 5], "features": [57]}),
    ],
)
def test_a_saved_model_says_what_it_reads_and_reads_that(tmp_path, build, call, shapes):
    model = build()
    save_model(model, tmp_path / "model.keras")
    assert inputs_of(tmp_path / "model.keras") == (call, shapes)
    names = {"rng": np.random.default_rng(0), "np": np}
    for name, shape in shapes.items():
        exec(example(name, shape), names)  # noqa: S102 - what a card tells people to run
        assert names[name].dtype == np.float32
    softmax = model.predict(eval(call, names), verbose=0)  # noqa: S307
    assert softmax.shape == (2, 3)


def facts_of(folder: Path) -> dict[str, object]:
    """What the stage tells of a model of a user's own corpus."""
    split = json.loads((folder / "metrics/split.json").read_text())
    return {"gtzan": False, "source": "folder", "cnn": "", "members": [], "network": "", "seed": 0,
            "learned_from": "", "split": split}  # fmt: skip


@pytest.mark.parametrize("source", ["demo", "gtzan"])
def test_a_card_says_whose_music_it_was_and_what_was_pretrained(folder, tmp_path, source):
    found = Comparison.read(folder / "data/comparison", folder / "plots/curves")
    altered = pd.read_csv(folder / "data/robustness.csv", index_col=["model", "transformation"])
    facts = facts_of(folder)
    facts["split"]["groups"] |= {"tracks_with_a_group": 0}
    facts |= {"source": source, "gtzan": source == "gtzan", "network": "MTT_musicnn"}
    save_model(pair(), tmp_path / "model.keras")
    card = render("cnn-1.0", tmp_path / "model.keras", found, altered.iloc[:0], **facts)
    head = yaml.safe_load(card.split("---\n")[1])
    assert ("means nothing" in card) == (source == "demo")
    assert ("its recordings are under copyright" in card) == (source == "gtzan")
    assert ("datasets" in head) == (source == "gtzan")
    assert ("it may have heard test tracks" in card) == (source == "gtzan")
    assert "the tags of MagnaTagATune" in card
    assert "that of the pretrained weights in the file ISC" in card
    assert "no artists are known" in card
    assert "Nothing was tried" in card


@pytest.mark.parametrize("file", ["cnn-1.0.keras", "ensemble-3.4.json"])
def test_a_card_has_the_genres_as_the_user_calls_them(folder, tmp_path, file):
    names = ["R&B", "a|b", 'it\'s "so"', "no", "1980", "back\\slash", "日本", "🎵 lo-fi", "<b>_x_"]
    names += sorted(GENRES)[len(names) :]
    found = Comparison.read(folder / "data/comparison", folder / "plots/curves")
    model = "cnn-1.0"
    found.confusions[model] = found.confusions[model].set_axis(names, axis=1)
    if file.endswith("keras"):
        save_model(build_cnn("improved", shape=(32, 48, 1), classes=10), tmp_path / file)
    altered = pd.read_csv(folder / "data/robustness.csv", index_col=["model", "transformation"])
    card = render(model, tmp_path / file, found, altered, **facts_of(folder))
    yaml.safe_load(card.split("---\n")[1])
    [line] = re.findall("^genres = (.*)$", card, flags=re.MULTILINE)
    assert ast.literal_eval(line) == names
    seen = MarkdownIt().render(card.split("---\n")[2])
    shown = html.escape(", ".join(names)).replace("&#x27;", "'")
    assert f"<li>Genres: {shown}." in seen
