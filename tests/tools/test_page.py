import base64
import os
import re
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from genre.classification.answers import Answer
from genre.classification.inputs import Inputs
from genre.classification.songs import Song
from genre.params import Params
from genre.work.cache import cache_folder
from tests.conftest import REPOSITORY, demo_values, sine, write_audio
from tests.encoding import audio_bytes
from tests.tools.trained import set_params, write_models
from tools import listener, page

SCRIPT = REPOSITORY / "tools/page_script.py"
GENRES = ["*blues*", "jazz | <b>", "rückwärts"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# A microphone that beeps, and that the user allows.
BEEPS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def stub(*, excerpts: int = 1, fault: str = "", source: str = "demo") -> SimpleNamespace:
    """A listener that says of everything the same."""
    nothing = np.empty(0)
    picture = np.zeros((288, 432, 3), np.uint8)
    starts = [30.0 * k for k in range(excerpts)]
    ends = [start + 30 for start in starts]
    inputs = [Inputs(picture, nothing, nothing, nothing)] * excerpts
    song = Song(None, fault, 30.0 * excerpts, starts, ends, 1, inputs)
    over_time = np.tile([0.5, 0.4, 0.1], (excerpts, 1))
    over_time[-1] = [0.2, 0.7, 0.1]
    names = ("cnn-1.4", "rnn-1.2")
    answers = {name: Answer(name, GENRES, over_time) for name in names}
    table = pd.DataFrame(
        [["val", GENRES[0], 0.6, 0.3, 0.1], ["test", GENRES[1], 0.2, 0.7, 0.1]] * 5
    )
    table.columns = ["split", "genre", *GENRES]
    models = SimpleNamespace(
        names=names, genres=GENRES, predictions_of=lambda name: table, temperature=lambda name: 1.5
    )
    values = demo_values()
    values["data"]["source"] = source
    return SimpleNamespace(
        models=models,
        params=Params.model_validate(values),
        best="rnn-1.2",
        caution="These models learned from nothing." if source == "demo" else "",
        heard=[],
        hear=lambda content: (song, {} if fault else answers),
    )


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def shown(monkeypatch, given: SimpleNamespace) -> AppTest:
    monkeypatch.setattr(listener, "listener_here", lambda: given)
    return AppTest.from_file(str(SCRIPT), default_timeout=30).run()


def texts(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.header, *app.subheader, *app.markdown))


def test_before_a_song_is_given_it_says_what_it_takes_and_what_the_models_are(monkeypatch):
    app = shown(monkeypatch, stub())
    assert not app.exception
    assert [each.value for each in app.warning] == ["These models learned from nothing."]
    assert "At most 100 MB and 30 minutes" in app.caption[0].value
    assert "0 tracks of 3 genres, from data.source demo" in texts(app)
    assert "was right about 5 of 5 test tracks" in texts(app)
    assert not app.header
    assert not shown(monkeypatch, stub(source="gtzan")).warning


def test_a_song_is_answered_by_the_best_model_and_the_others(monkeypatch):
    app = shown(monkeypatch, stub())
    app.file_uploader[0].set_value(("a.wav", b"RIFF", "audio/wav")).run()
    assert not app.exception
    assert app.selectbox[0].value == "rnn-1.2"
    assert app.header[0].value == r"jazz \| \<b\> 0.70"
    assert r"| CNN 1\.4 | jazz \| \<b\> 0\.70 | unknown |" in texts(app)
    assert "Over time" not in texts(app)
    assert "1 excerpts are silent" in app.caption[1].value


def test_a_long_song_is_told_over_time(monkeypatch):
    app = shown(monkeypatch, stub(excerpts=3))
    app.file_uploader[0].set_value(("a.wav", b"RIFF", "audio/wav")).run()
    assert not app.exception
    assert app.header[0].value == r"jazz \| \<b\> 0.50"
    assert "Over time" in texts(app)
    assert r"| 1\:00 to 1\:30 | jazz \| \<b\> | 0\.70 |" in texts(app)
    assert app.select_slider[0].options == ["0:00 to 0:30", "0:30 to 1:00", "1:00 to 1:30"]
    app.select_slider[0].set_value("1:00 to 1:30").run()
    assert not app.exception


def test_a_fault_is_said_and_the_next_song_is_answered(monkeypatch):
    given = stub()
    app = shown(monkeypatch, given)
    good, given.hear = given.hear, stub(fault="is cut off: *half* is there").hear
    app.file_uploader[0].set_value(("a.wav", b"x", "audio/wav")).run()
    assert [each.value for each in app.error] == [
        r"Nothing can be said of this song: is cut off\: \*half\* is there"
    ]
    assert not app.header
    given.hear = good
    app.file_uploader[0].set_value(("b.wav", b"y", "audio/wav")).run()
    assert not app.error
    assert app.header


def test_a_recording_is_a_song_as_well_and_nothing_is_kept_of_either(monkeypatch):
    app = shown(monkeypatch, stub())
    app.radio[0].set_value("The microphone").run()
    app.audio_input[0].set_value(("a.wav", b"RIFF", "audio/wav")).run()
    assert app.header
    assert "heard" in app.session_state
    app.radio[0].set_value("A file").run()
    assert not app.header
    assert "heard" not in app.session_state


def test_only_this_computer_is_served_and_nobody_is_told():
    options = page.command(8501)
    for option in (
        "--server.address=127.0.0.1", "--browser.gatherUsageStats=false",
        "--server.maxUploadSize=100", "--server.port=8501",
    ):  # fmt: skip
        assert option in options


@pytest.mark.parametrize(
    ("prelude", "said"),
    [
        ("import sys; sys.modules['streamlit'] = None; ", "-r requirements-page.txt"),
        ("", "make the models by dvc repro|make it by dvc repro"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(prelude, said, tmp_path):
    set_params(tmp_path)
    code = f"{prelude}from tools import page; page.main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env={"PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert re.fullmatch(f"ERROR: .*({said}).*\n", done.stderr)


@pytest.fixture(scope="module")
def chromium():
    """A browser, and what speaks to it."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"there is no browser: none of {', '.join(BROWSERS)} is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BEEPS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory):
    """The page of models that say jazz, as the command serves it."""
    folder = write_models(tmp_path_factory.mktemp("page"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
        "GENRE_CACHE": str(cache_folder()),
        "HOME": str(folder),  # what the user has set for Streamlit is not what is tested
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tools.page", "--port", str(port)],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert any("URL: http://127.0.0.1" in line for line in process.stdout)
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.wait(timeout=60)  # before its output is closed, into which it writes a last line


@pytest.fixture(params=[1280, 390])
def visit(request, chromium, address):
    """The page in a window of some width, which asks nobody else for anything."""
    tab = chromium.new_page(viewport={"width": request.param, "height": 900})
    asked = []
    tab.on("request", lambda each: asked.append(each.url))
    tab.goto(address)
    yield tab
    ours = address.partition("://")[2]
    assert {
        url for url in asked if not re.match(rf"(https?|ws)://{ours}/|blob:|data:", url)
    } == set()
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.close()


DROP = """([content, name]) => {
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, {type: "audio/wav"}));
    return carried;
}"""


def drop(tab, content, name):
    carried = tab.evaluate_handle(DROP, [base64.b64encode(content).decode(), name])
    tab.get_by_test_id("stFileUploaderDropzone").dispatch_event("drop", {"dataTransfer": carried})


def test_a_song_that_is_dropped_is_heard_and_named(visit, tmp_path):
    path = write_audio(tmp_path / "a.wav", np.tile(sine(440.0, 7.0), 2))
    visit.get_by_text("Drop a song here").wait_for()
    drop(visit, path.read_bytes(), "![a](https://example.org/b.png).wav")
    visit.get_by_role("heading", name=re.compile(r"^jazz [01]\.\d\d$")).wait_for(timeout=60_000)
    visit.get_by_role("heading", name="Over time").wait_for()
    for part in (
        visit.get_by_role("progressbar").nth(2),
        visit.locator("audio"),
        visit.locator("img"),
        visit.get_by_role("row").filter(has_text="Ensemble 3.1").filter(has_text="jazz"),
    ):
        part.wait_for(state="attached")
    drop(visit, audio_bytes("a.wav")[:-1000], "b.wav")
    visit.get_by_text("Nothing can be said of this song: is cut off").wait_for()


def test_what_is_recorded_is_heard_and_named(visit):
    visit.get_by_text("The microphone").click()
    visit.get_by_role("button", name="Record").click()
    visit.wait_for_timeout(6_000)
    visit.get_by_role("button", name="Stop recording").click()
    visit.get_by_role("heading", name=re.compile(r"^jazz [01]\.\d\d$")).wait_for(timeout=60_000)
    visit.locator("img").wait_for(state="attached")


def test_all_is_done_by_keyboard(visit, tmp_path):
    path = write_audio(tmp_path / "a.wav", sine(440.0, 4.0))
    visit.get_by_text("Drop a song here").wait_for()
    with visit.expect_file_chooser() as chooser:
        press_until(visit, "Upload")
        visit.keyboard.press("Enter")
    chooser.value.set_files(path)
    visit.get_by_role("heading", name=re.compile(r"^jazz [01]\.\d\d$")).wait_for(timeout=60_000)
    # Of a page that is whole: what comes later takes the focus.
    visit.get_by_role("row").filter(has_text="Ensemble 3.1").wait_for()
    press_until(visit, "Model")
    visit.keyboard.press("ArrowDown")
    visit.get_by_role("option", name="RNN 1.0").wait_for()
    visit.keyboard.type("RNN 1.0")
    visit.keyboard.press("Enter")
    visit.get_by_text("RNN 1.0 was right about").wait_for()


FOCUSED = """() => {
    const {tagName, ariaLabel, innerText} = document.activeElement;
    return ["BUTTON", "INPUT"].includes(tagName) ? ariaLabel || innerText : "";
}"""


def press_until(tab, name):
    """Press Tab until a button or a field of that name has the focus."""
    for _ in range(100):  # more than once around the page, of which a part may be drawn anew
        tab.keyboard.press("Tab")
        if name in tab.evaluate(FOCUSED):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"Tab does not reach {name}")
