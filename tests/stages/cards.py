"""What the cards of a folder tell people to run, run where nothing of the project is imported."""

import re
import subprocess
import sys
from pathlib import Path


def run_cards(folder: Path, genres: list[str]) -> set[str]:
    """Run the Python of all cards, in one process; give the models that named genres."""
    lines = []
    for card in sorted((folder / "plots/cards").iterdir()):
        [block] = re.findall(r"```python\n(.*?)```", card.read_text(), flags=re.DOTALL)
        lines += [block, f"print('said by', {card.stem!r})"]
    lines += ["import sys", "assert not {'genre', 'stages'} & set(sys.modules)"]
    done = subprocess.run(
        [sys.executable, "-I", "-c", "\n".join(lines)],
        cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = re.findall(r"\['(.*?)', '(.*?)'\]\nsaid by (.*?)\n", done.stdout)
    assert {genre for first, second, _ in found for genre in (first, second)} <= set(genres)
    return {model for _, _, model in found}
