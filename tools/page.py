"""Show a page in the browser on which to drop or record a song, and see its genre.

Usage: python -m tools.page [--port NUMBER], in a folder in which `dvc repro` ran.

Only this computer can open the page; nothing is sent anywhere, and nothing is kept.
"""

import argparse
import importlib.util
import sys
from pathlib import Path

from genre.errors import InputError
from tools.listener import LARGEST, listener_here

OPTIONS = {
    "server.address": "127.0.0.1",
    "server.headless": "true",  # else it asks for a mail address first
    "server.maxUploadSize": LARGEST,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",  # without a button to publish the page
}


def command(port: int) -> list[str]:
    """The command line of Streamlit."""
    script = str(Path(__file__).with_name("page_script.py"))
    options = {**OPTIONS, "server.port": port}
    return ["streamlit", "run", script, *(f"--{name}={value}" for name, value in options.items())]


def main() -> None:
    """Load the models, and serve the page until the user ends it."""
    parser = argparse.ArgumentParser(prog="python -m tools.page", description=__doc__)
    parser.add_argument("--port", type=int, default=8501, help="8501 if none is named")
    port = parser.parse_args().port
    if importlib.util.find_spec("streamlit") is None:
        sys.exit(
            "ERROR: Streamlit is not installed: pip install --no-deps -r requirements-page.txt"
        )
    try:
        listener = listener_here()  # the page, which runs in this process, finds it made
    except InputError as error:
        sys.exit(f"ERROR: {error}")
    from streamlit.web import cli

    sys.argv = command(port)
    try:
        cli.main()
    finally:
        listener.opener.close()


if __name__ == "__main__":
    main()
