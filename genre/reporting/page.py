"""The report: one HTML file that holds all its figures and asks nobody for anything."""

import base64
import contextlib
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import jinja2
import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from genre.models.names import title
from genre.reporting import figures, panels
from genre.reporting.comparison import Comparison

TEMPLATE, STYLE = (Path(__file__).with_suffix(kind) for kind in (".html", ".css"))
INK = "#010203"  # stands for the page's own text colour, light or dark, until the SVG is made
FAILURES = 12  # tracks shown with pictures
OF_ONE_MODEL: dict[str, tuple[Callable[[dict[str, pd.DataFrame]], Figure], str]] = {
    "reliability": (panels.reliability, "Reliability diagram of {}: accuracy against confidence"),
    "curves": (panels.curves, "Loss and accuracy of {} by epoch, training and validation"),
}


@contextlib.contextmanager
def _page_colours() -> Iterator[None]:
    """Let figures take the page's text colour and background."""
    clear = "none"
    with mpl.rc_context(
        {
            "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK,
            "ytick.color": INK, "figure.facecolor": clear, "axes.facecolor": clear,
            "savefig.facecolor": clear, "legend.facecolor": clear, "legend.edgecolor": clear,
            "svg.fonttype": "none",
        }
    ):  # fmt: skip
        yield


def svg(draw: Callable[[], Figure], *, alt: str) -> Markup:
    """Draw a figure as SVG to put into a page, the same bytes for the same figure.

    Parameters
    ----------
    draw : callable
        Gives the figure.
    alt : str
        What the figure shows, for who cannot see it.
    """
    with _page_colours(), mpl.rc_context({"svg.hashsalt": alt}):
        figure = draw()
        text = io.StringIO()
        with figures.quiet():  # the letters stay letters, for the reader's fonts
            figures.settle(figure)
            figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
    drawing = text.getvalue()
    drawing = drawing[drawing.index("<svg") :].replace(INK, "currentColor")
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    # Names of groups are of no use in a page, and the same in every figure.
    drawing = re.sub(r'<g id="[^"]*">', "<g>", drawing)
    width = float(re.findall(r'width="([\d.]+)pt"', drawing)[0])
    drawing = re.sub(r' (width|height)="[\d.]+pt"', "", drawing, count=2)
    # Text shrinks to three quarters at most; where that is too wide, the figure scrolls.
    style = f"max-width:{width * 1.5:.0f}px;min-width:{width:.0f}px"
    label = f'<svg role="img" aria-label="{escape(alt)}" style="{style}"'
    # matplotlib escapes its texts.
    return Markup(drawing.replace("<svg", label, 1))  # noqa: S704


def picture(path: Path) -> str:
    """A picture file as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def draw_all(found: Comparison) -> dict[str, Markup | list[Markup]]:
    """The figures that set models side by side."""
    best = found.ranking[0]
    return {
        "ranking": svg(
            partial(figures.ranking, found.models, found.runs),
            alt=f"Accuracy of each model with its 95 % interval; {title(best)} is the highest, "
            f"{found.models['accuracy'][best]:.3f}",
        ),
        "pairs": svg(
            partial(figures.pair_map, found.pairs, found.ranking),
            alt="Heat map of the p-values between all pairs of models",
        ),
        "genres": svg(
            partial(figures.class_scores, found.class_f1), alt="Heat map of F1 by model and genre"
        ),
        "radars": [
            svg(
                partial(figures.radar, {name: group}),
                alt=f"Radar chart of accuracy, precision, recall and F1: {name}",
            )
            for name, group in figures.families(found.models).items()
        ],
    }


def draw_one(item: tuple[str, str], *, tables: dict[str, dict[str, pd.DataFrame]]) -> Markup:
    """Draw a figure that shows one model.

    Parameters
    ----------
    item : (str, str)
        Which of `OF_ONE_MODEL`, and the model.
    tables : dict of str to dict of str to pd.DataFrame
        What each of them shows of each model.
    """
    kind, model = item
    draw, alt = OF_ONE_MODEL[kind]
    return svg(partial(draw, {model: tables[kind][model]}), alt=alt.format(title(model)))


def failed_tracks(
    failures: pd.DataFrame, softmax: dict[str, pd.DataFrame], picture_of: Callable[[str], Path]
) -> list[dict[str, object]]:
    """The most confidently wrong tracks: what was said of each, and by whom, and its picture.

    Parameters
    ----------
    failures : pd.DataFrame [index: track]
        What `genre.evaluation.failures.consensus` found.
    softmax : dict of str to pd.DataFrame
        Each model's probabilities by track and genre.
    picture_of : callable
        Gives the picture file of a track.
    """
    wrong = failures[failures["genre"] != failures["predicted"]].head(FAILURES)
    # Those that models know, which need not be all of the corpus's: the columns of every row.
    genres = list(next(iter(softmax.values())))
    return [
        {
            "track": track,
            **{column: wrong[column][track] for column in map(str, wrong)},
            "picture": picture(picture_of(track)),
            "genres": genres,
            "softmax": {m: dict(table[genres].loc[track]) for m, table in softmax.items()},
        }
        for track in map(str, wrong.index)
    ]


def render(**context: object) -> str:
    """Fill the template.

    Parameters
    ----------
    **context
        What the template names; it fails where one is missing.
    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["title"] = title
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    style = Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704 - the project's own
    return template.render(style=style, **context)
