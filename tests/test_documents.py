"""What people read: links lead somewhere, the page of results shows what was kept."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from benchmarks.records import read_records
from benchmarks.results import PICTURES, render
from tests.conftest import REPOSITORY

LISTED = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
    cwd=REPOSITORY, capture_output=True, text=True, check=True,
).stdout.split()  # fmt: skip
PAGES = [page for page in LISTED if (REPOSITORY / page).is_file()]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors_of(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    file = REPOSITORY / page
    for link in LINK.findall(file.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        place, _, anchor = link.partition("#")
        target = file.parent / place if place else file
        assert target.exists(), f"{page} links to {link}"
        assert not anchor or anchor in anchors_of(target), f"{page} links to {link}"


def test_the_page_of_results_is_what_its_records_give():
    page = (REPOSITORY / "docs/results.md").read_text(encoding="utf-8")
    assert page == render(read_records())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_results_is_what_its_records_give(name, tmp_path):
    PICTURES[name](read_records(), tmp_path / name)
    assert (tmp_path / name).read_bytes() == (REPOSITORY / "docs" / name).read_bytes()


def test_the_index_names_every_page_of_docs():
    index = (REPOSITORY / "docs/README.md").read_text(encoding="utf-8")
    for page in (REPOSITORY / "docs").glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index


def test_what_is_to_be_cited_is_complete():
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"] and citation["title"] and citation["authors"]
    for reference in citation["references"]:
        assert reference["type"] and reference["title"] and reference["year"]
        assert all("family-names" in author for author in reference["authors"])
