"""The page itself, which Streamlit runs from top to bottom for whatever a visitor does.

Texts of Streamlit are Markdown: what is not ours goes through `plain`.
"""

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from matplotlib import colormaps
from matplotlib.colors import to_hex

from genre.models.names import title
from genre.pictures.frame import crop
from tools.listener import LARGEST, LONGEST, Listener, listener_here

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from genre.classification.answers import Answer
    from genre.classification.songs import Song

TITLE = "Which genre is it?"
FILE, MICROPHONE = "A file", "The microphone"
HEARD = "heard"  # what was found of the song, until another is given or the page is closed
MOST_BARS = 12
METRICS = Path("metrics/models")
ROW, COLUMN = "display:flex", "display:flex;flex-direction:column-reverse"


def plain(text: str) -> str:
    """A text in which Markdown finds nothing to do."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def span_of(start: float, end: float) -> str:
    """Where an excerpt begins and ends, in minutes and seconds."""
    return " to ".join(f"{int(t) // 60}:{int(t) % 60:02}" for t in (start, end))


def given() -> "UploadedFile | None":
    """Ask for a song."""
    source = st.radio("From where?", [FILE, MICROPHONE], horizontal=True)
    if source == FILE:
        song = st.file_uploader("Drop a song here, or choose one")
    else:
        song = st.audio_input("Let it listen", sample_rate=48000)
    st.caption(
        f"At most {LARGEST} MB and {LONGEST // 60} minutes. The song stays on this computer, and "
        "nothing of it is kept."
    )
    return song


def heard(listener: Listener, song: "UploadedFile") -> "tuple[Song, dict[str, Answer]]":
    """What is found of a song, once for each that is given."""
    known = st.session_state.get(HEARD)
    if known is None or known[0] != song.file_id:
        with st.spinner("Listening…"):
            known = song.file_id, listener.hear(song.getvalue())
        st.session_state[HEARD] = known
    found: tuple[Song, dict[str, Answer]] = known[1]
    return found


def show_genres(answer: "Answer") -> None:
    """The genres as bars, the most probable first."""
    genre, probability = answer.ranked[0]
    st.header(f"{plain(genre)} {probability:.2f}", anchor=False)
    for other, p in answer.ranked[:MOST_BARS]:
        st.progress(min(p, 1.0), text=f"{plain(other)} {p:.2f}")
    if len(answer.ranked) > MOST_BARS:
        st.caption(f"and {len(answer.ranked) - MOST_BARS} genres that are less probable")


def show_time(song: "Song", answer: "Answer") -> None:
    """The genre over time, of a song of several excerpts."""
    st.subheader("Over time", anchor=False)
    spans = list(map(span_of, song.starts, song.ends))
    st.html(stacked(spans, answer))
    with st.expander("As a table"):
        moments = zip(spans, answer.moments, strict=True)
        show_table(
            ["excerpt", "genre", "probability"],
            [[span, genre, f"{p:.2f}"] for span, (genre, p) in moments],
        )


def stacked(spans: list[str], answer: "Answer") -> str:
    """Stacked bars of probabilities, one for each excerpt, as wide as the page is.

    As HTML: Streamlit's own charts need pyarrow, see requirements-override.in.
    """
    shades = [to_hex(colour) for colour in colormaps["tab20"](np.arange(len(answer.genres)) % 20)]
    columns, names = "", list(map(html.escape, answer.genres))
    for span, row, (best, p) in zip(spans, answer.over_time, answer.moments, strict=True):
        parts = "".join(
            f'<div style="flex:{share:.4f} 0 0;background:{shade}"></div>'
            for share, shade in zip(row, shades, strict=True)
        )
        title = html.escape(f"{span}: {best} {p:.2f}")
        columns += f'<div title="{title}" style="flex:1;{COLUMN}">{parts}</div>'
    keys = "".join(
        f'<span><span style="color:{shade}">\u25a0</span> {name}</span>'
        for name, shade in zip(names, shades, strict=True)
    )
    first, last = spans[0].partition(" ")[0], spans[-1].rpartition(" ")[2]
    return (
        f'<div style="{ROW};gap:1px;height:14rem">{columns}</div>'
        f'<div style="{ROW};justify-content:space-between"><span>{first}</span>{last}</div>'
        f'<div style="{ROW};flex-wrap:wrap;gap:0 1rem">{keys}</div>'
    )


def show_spectrogram(song: "Song", sr: int) -> None:
    """The mel spectrogram of an excerpt, as the CNNs see it."""
    st.subheader("Mel spectrogram", anchor=False)
    spans = list(map(span_of, song.starts, song.ends))
    span = st.select_slider("Excerpt", spans) if len(spans) > 1 else spans[0]
    picture = crop(song.excerpts[spans.index(span)].picture)
    caption = f"{span} from left to right, 0 to {sr // 2} Hz from bottom to top"
    st.image(picture, caption=caption, width="stretch")


def show_models(answers: "dict[str, Answer]") -> None:
    """What each model says, and how good it is."""
    st.subheader("What each model says", anchor=False)
    rows = []
    for name, answer in answers.items():
        genre, probability = answer.ranked[0]
        rows.append([title(name), f"{genre} {probability:.2f}", accuracy(name)])
    show_table(["model", "says", "test accuracy"], rows)
    st.caption("In brackets: the 95 % interval of the accuracy.")


def show_table(head: list[str], rows: list[list[str]]) -> None:
    """A table as Markdown; Streamlit's own need pyarrow, too."""
    lines = [head, ["---"] * len(head), *(list(map(plain, row)) for row in rows)]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def accuracy(name: str) -> str:
    """A model's accuracy on test tracks, with its 95 % interval."""
    try:
        found = json.loads((METRICS / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "unknown"
    return "{accuracy:.2f} ({accuracy_low:.2f}\u2013{accuracy_high:.2f})".format(**found)


def show_origin(listener: Listener, name: str) -> None:
    """What the models learned from, and how far one can be trusted."""
    from genre.classification.answers import trust

    st.subheader("What the models learned from", anchor=False)
    table = listener.models.predictions_of(name)
    data, genres = listener.params.data, listener.models.genres
    place = {"folder": f" {data.path}", "table": f" {data.table.path}"}.get(data.source, "")
    st.write(
        f"{(table['split'] == 'train').sum()} tracks of {len(genres)} genres, from data.source "
        f"{data.source}{plain(place)}: {plain(', '.join(genres))}. They know no other genre: of "
        "music of another they name one of these all the same."
    )
    st.write(plain(trust(listener.models, name)) + ".")


def main() -> None:
    """Show the page."""
    st.set_page_config(page_title=TITLE)
    st.title(TITLE, anchor=False)
    listener = listener_here()
    if listener.caution:
        st.warning(listener.caution)
    names = list(listener.models.names)
    name = listener.best
    if song := given():
        found, answers = heard(listener, song)
        st.audio(song)
        if found.fault:
            st.error(f"Nothing can be said of this song: {plain(found.fault)}")
        else:
            label = "Model"
            name = st.selectbox(label, names, index=names.index(name), format_func=title)
            show_genres(answers[name])
            if found.silent:
                st.caption(f"{found.silent} excerpts are silent, and nothing is said of them.")
            if len(found.starts) > 1:
                show_time(found, answers[name])
            show_spectrogram(found, listener.params.data.sr)
            show_models(answers)
    else:
        st.session_state.pop(HEARD, None)
    show_origin(listener, name)


if __name__ == "__main__":
    main()
