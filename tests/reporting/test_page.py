"""Evaluation, figures and report, as their stages make them from predictions."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pandas as pd
import pytest

from genre.corpus.demo.styles import GENRES
from genre.models.names import BASELINES, ENSEMBLES, title
from genre.models.variants import MODELS
from genre.reporting import page
from tests.conftest import checksums, run_all_here
from tests.reporting.conftest import dump
from tests.stages.test_independence import SETTINGS, run_with

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
# Replaces the policy that lets nothing but the page's own styles and pictures be loaded.
PROBE = """
<script>addEventListener("load", () => {
  const crowded = [...document.querySelectorAll("svg")].filter(svg => {
    const boxes = [...svg.querySelectorAll("text")].map(text => text.getBoundingClientRect());
    return boxes.some((a, i) => boxes.slice(i + 1).some(b =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.25 * Math.min(a.height, b.height)));
  }).map(svg => svg.getAttribute("aria-label"));
  document.body.dataset.found = JSON.stringify({
    crowded: crowded,
    spilt: [...document.querySelectorAll(".shares th, .shares td")].filter(
      cell => cell.scrollWidth > cell.clientWidth + 1 || cell.scrollHeight > cell.clientHeight + 1
    ).map(cell => cell.textContent),
    width: document.documentElement.scrollWidth, room: innerWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.querySelector("svg text")).fill,
    unloaded: [...document.images].filter(image => !image.naturalWidth).length,
    pictures: document.images.length,
  });
});</script>
"""


class Page(HTMLParser):
    """The tags of a page, and the addresses that it asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.addresses = [], []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        self.addresses += [named[key] for key in ("src", "href", "xlink:href") if key in named]


def test_nothing_of_it_depends_on_the_users_settings(folder, tmp_path):
    settings = {name: value for changes in SETTINGS.values() for name, value in changes.items()}
    settings["GENRE_CACHE"] = str(tmp_path)  # what was drawn before is not taken from there
    before = checksums(folder)
    assert {"plots/report.html", "plots/comparison/overall.png"} <= set(before)
    assert run_with(settings, folder, ["evaluate", "draw", "report"]) == before


def test_the_report_is_one_file_that_asks_for_nothing(folder):
    text = (folder / "plots/report.html").read_text()
    page = Page(text)
    assert all(address.startswith(("data:", "#")) for address in page.addresses)
    assert not re.search(r"url\((?!#)|@import|<script|<link", text)
    assert "default-src 'none'" in text
    for tag, attributes in page.tags:
        if tag == "img":
            assert len(attributes["alt"]) > 10
        if tag == "svg":
            assert len(attributes["aria-label"]) > 10
    anchors = {address[1:] for address in page.addresses if address.startswith("#")}
    named = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert anchors <= set(named)
    assert len(named) == len(set(named))


def test_the_report_says_what_was_found(folder):
    text = (folder / "plots/report.html").read_text()
    scores = pd.read_csv(folder / "data/comparison/models.csv", index_col="model")
    assert list(scores.index) == [*MODELS, *BASELINES]
    for model in scores.index:
        report = json.loads((folder / f"metrics/models/{model}.json").read_text())
        assert report["accuracy_low"] <= report["accuracy"] <= report["accuracy_high"]
        assert report["tracks"] == 50
        shown = f'{report["accuracy"]:.3f} <span class="range">{report["accuracy_low"]:.2f}–'
        assert shown in text
    assert "7 of 50 test tracks share a group" in text.replace("\n", " ")
    assert "The study&#39;s figures are not comparable" in text
    assert ">0.810<" in text  # the study's ensemble 3.2
    assert len(pd.read_csv(folder / "data/comparison/pairs.csv")) == 18 * 17 / 2
    found = pd.read_csv(folder / "data/comparison/baseline.csv")
    beat = found[(found["p_holm"] < 0.05) & (found["only_model"] > found["only_other"])]
    assert 0 < len(beat) < len(MODELS)
    verdict = re.search(r"<strong>(.*?)</strong>", text, flags=re.DOTALL)[1]
    best = scores.loc[list(BASELINES), "accuracy"]
    assert verdict.startswith(
        f"{len(beat)} of the 14 models beat the best baseline, {title(best.idxmax())} (accuracy "
        f"{best.max():.3f}), beyond chance: {', '.join(map(title, beat['model']))} ("
    )


def test_the_report_says_what_a_genre_survives(folder):
    text = (folder / "plots/report.html").read_text()
    section = text[text.index('<section id="robustness">') :].partition("</section>")[0]
    assert "Some hear something else than music." in section
    assert section.count(">0.58*<") == len(MODELS)


def test_the_report_says_which_features_decide_and_where_tracks_lie(folder):
    text = (folder / "plots/report.html").read_text()
    features, maps = text[text.index('<section id="importance">') :].split("</section>")[:2]
    for written in ("Hybrid 2.0", "tempo", "0.21", "rms", "0.00"):
        assert f">{written}</text>" in features
    assert "<h3>Tracks in the plane of CNN 1.4</h3>" in maps
    assert [genre for genre in GENRES if f">{genre}</text>" not in maps] == []


def test_the_report_sets_cost_beside_score(folder):
    tables = tables_of((folder / "plots/report.html").read_text())
    [(_, rows)] = [pair for pair in tables if "parameters" in pair[0]]
    costs = {row[0]: row[1:] for row in rows}
    assert len(costs) == len(MODELS) + len(BASELINES)
    scores = pd.read_csv(folder / "data/comparison/models.csv", index_col="model")
    score = [f"{scores[metric]['hybrid-2.0']:.3f}" for metric in ("accuracy", "f1")]
    assert costs["Hybrid 2.0"] == [*score, "2,469,134", "17.00", "5.00"]
    assert costs["CNN 1.3"][2:] == ["1,234,567", "8.50", "2.50"]
    assert costs["Baseline SVM"][2:] == ["40", "0.03", "0.12"]
    kept = json.loads((folder / "metrics/costs.json").read_text())
    assert kept.keys() == {*MODELS, *BASELINES}
    assert kept["hybrid-2.0"] == {
        "parameters": 2469134, "multiply_adds": 17_000_000, "milliseconds": 5.0
    }  # fmt: skip
    assert kept["ensemble-3.1"]["parameters"] == 3 * 1234567


def tables_of(text: str) -> list[tuple[list[str], list[list[str]]]]:
    """The header and the rows of each table, as the text of their cells."""

    def cells(row: str) -> list[str]:
        found = re.findall(r"<t[hd]\b.*?>(.*?)</t[hd]>", row, flags=re.DOTALL)
        return [re.sub(r"<.*?>", "", cell).strip() for cell in found]

    tables = re.findall(r"<table.*?</table>", text, flags=re.DOTALL)
    split = [re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL) for table in tables]
    return [(cells(head), [cells(row) for row in rows]) for head, *rows in split]


def test_the_cells_of_each_table_stand_under_their_header(folder):
    tables = tables_of((folder / "plots/report.html").read_text())
    assert len(tables) >= 5
    for head, rows in tables:
        assert rows
        assert {len(row) for row in rows} == {len(head)}
    softmax = [(head, rows) for head, rows in tables if head == ["model", *sorted(GENRES)]]
    failures = pd.read_csv(folder / "data/comparison/failures.csv")
    failures = failures[failures["genre"] != failures["predicted"]]
    assert len(softmax) == min(12, len(failures))
    for track, (head, rows) in zip(failures["track"], softmax, strict=False):
        for model, (name, *cells) in zip(MODELS, rows, strict=True):
            said = pd.read_csv(folder / f"data/predictions/{model}.csv", index_col="track")
            assert name == title(model)
            for genre, cell in zip(head[1:], cells, strict=True):
                assert int(cell) == pytest.approx(100 * said[genre][track], abs=0.6)


def test_a_confusion_matrix_has_true_genres_by_row(folder):
    text = (folder / "plots/report.html").read_text()
    counts = pd.read_csv(folder / "data/comparison/confusion.csv", index_col=["model", "genre"])
    models = [*MODELS, *BASELINES]
    assert re.findall(
        r"<caption>(.*?)</caption>\n<thead><tr><th scope=\"col\">true genre", text
    ) == [title(model) for model in models]
    matrices = [(head, rows) for head, rows in tables_of(text) if head[0] == "true genre"]
    for model, (head, rows) in zip(models, matrices, strict=True):
        assert head[1:] == [name for name, *_ in rows] == sorted(GENRES)
        for true, *cells in rows:
            for guessed, cell in zip(head[1:], cells, strict=True):
                assert int(cell or 0) == counts[guessed][model, true]
    (first,) = re.findall(r"<caption>CNN 0.0</caption>.*?</table>", text, flags=re.DOTALL)
    shaded = re.findall(r'<td style="--p:([\d.]+)">(\d+)</td>', first)
    assert len(shaded) == (counts.loc[models[0]] > 0).to_numpy().sum()
    assert all(float(share) == int(count) / 5 for share, count in shaded)  # of five tracks a genre


def test_a_genre_is_written_as_it_is_called(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    for name in ("confusion", "genres"):
        path = copy / f"data/comparison/{name}.csv"
        path.write_text(path.read_text().replace("jazz", "<b>").replace("pop", "\u6c11\u8b21"))
    run_all_here(copy, "report")
    text = (copy / "plots/report.html").read_text()
    assert "<b>" not in text
    for genre in ("&lt;b&gt;", "\u6c11\u8b21"):
        for scope in ("col", "row"):
            assert text.count(f'<th scope="{scope}">{genre}</th>') == len([*MODELS, *BASELINES])
        assert re.search(rf"<text[^>]*>{genre}</text>", text)


def test_a_models_figure_is_drawn_again_where_its_table_is_another(folder, tmp_path, monkeypatch):
    copy = shutil.copytree(folder, tmp_path / "copy", ignore=shutil.ignore_patterns("cache"))
    report, svg, drawn = copy / "plots/report.html", page.svg, []
    before = report.read_text()

    def noted(draw, *, alt):
        drawn.append(alt)
        return svg(draw, alt=alt)

    def of_one_model() -> list[str]:
        drawn.clear()
        run_all_here(copy, "report")
        return [alt for alt in drawn if alt.startswith(("Reliability", "Loss"))]

    monkeypatch.setattr(page, "svg", noted)
    models = [*MODELS, *BASELINES]
    assert len(of_one_model()) == len(models) + len(
        [name for name in MODELS if name not in ENSEMBLES]
    )
    assert of_one_model() == []
    assert report.read_text() == before
    path = copy / "plots/curves/cnn-1.3.csv"
    path.write_text(path.read_text().replace("12,0.1,", "12,0.2,"))
    assert of_one_model() == ["Loss and accuracy of CNN 1.3 by epoch, training and validation"]
    assert report.read_text() != before


def test_the_report_says_what_nobody_looked_for(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    for name, changes in {
        "corpus": dict.fromkeys(
            ("exact_duplicates", "near_duplicates", "clipped", "short", "mixed_down", "resampled"),
            "not looked for",
        ),
        "split": {"duplicates": {"across_sides": "not looked for", "pairs": []}},
    }.items():
        path = copy / f"metrics/{name}.json"
        dump(path, json.loads(path.read_text()) | changes)
    before = " ".join((folder / "plots/report.html").read_text().split())
    assert "Pairs of exact duplicates: 1, of near duplicates: 0." in before
    assert "in both train and val: 2, train and test: 3, val and test: 1." in before
    assert "1 of those that can be used are in none of train, val and test." in before
    assert "7 long, so that only their middle is used" in before
    assert "Files that are no tracks, hidden: 13." in before
    run_all_here(copy, "report")
    text = " ".join((copy / "plots/report.html").read_text().split())
    assert "Without audio, duplicates were not looked for, nor were clipped or short tracks" in text
    assert "pairs of duplicates on two sides: not looked for" in text
    assert "of near duplicates" not in text


@pytest.mark.skipif(BROWSER is None, reason="no chromium is installed")
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_the_report_can_be_read_in_a_browser(folder, tmp_path, width, dark):
    text = (folder / "plots/report.html").read_text()
    copy = tmp_path / "report.html"
    copy.write_text(re.sub(r"<meta http-equiv.*?>", PROBE, text))
    dom = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900",
         *(["--blink-settings=preferredColorScheme=0"] if dark else []),
         "--dump-dom", copy.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    found = json.loads(re.search(r'data-found="(.*?)"', dom)[1].replace("&quot;", '"'))
    assert found["width"] <= max(found["room"], width)
    assert found["pictures"] >= 5
    assert found["unloaded"] == 0
    assert found["crowded"] == []
    assert found["spilt"] == []
    light, dark_ink = "rgb(255, 255, 255)", "rgb(228, 232, 236)"
    assert (found["paper"] == light) != dark
    assert (found["ink"] == dark_ink) == dark
