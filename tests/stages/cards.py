"""What the cards of a folder tell people to run, run where nothing of the project is imported."""

import re
import subprocess
import sys
from pathlib import Path


def run_cards(folder: Path, genres: list[str]) -> set[str]:
    """Run the Python of each card; give the models that named genres."""
    found = set()
    for card in sorted((folder / "plots/cards").iterdir()):
        [block] = re.findall(r"```python\n(.*?)```", card.read_text(), flags=re.DOTALL)
        lines = [block, "import sys", "assert not {'genre', 'stages'} & set(sys.modules)"]
        done = subprocess.run(
            [sys.executable, "-I", "-c", "\n".join(lines)],
            cwd=folder, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said = re.findall(r"'(.*?)'", done.stdout)
        assert len(said) == 2, done.stdout
        assert set(said) <= set(genres)
        found.add(card.stem)
    return found
