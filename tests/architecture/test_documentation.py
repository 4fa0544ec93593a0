"""Documentation that points somewhere points at something, and a word has one meaning."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files, name

LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
MADE_BY_MAKE_DOCS = ROOT / "docs" / "reference"
PAGES = [path for path in files("*.md") if path.parent == ROOT or path.is_relative_to(ROOT / "docs")]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+\s+(.+?)\s*$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower())) for heading in headings}


def _broken(page: Path, link: str) -> bool:
    address, _, anchor = link.partition("#")
    target = (page.parent / address).resolve() if address else page
    if target.is_relative_to(MADE_BY_MAKE_DOCS):
        return False
    return not target.exists() or bool(anchor and target.suffix == ".md" and anchor not in _anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_arrives(page):
    links = LINK.findall(FENCE.sub("", page.read_text()))
    inside = [link for link in links if not re.match(r"[a-z]+:", link)]

    assert [link for link in inside if _broken(page, link)] == []


def test_a_word_of_the_glossary_has_one_meaning():
    terms = re.findall(r"^- \*\*(.+?)\*\*", (ROOT / "GLOSSARY.md").read_text(), re.MULTILINE)

    assert len(terms) > 50
    assert [term for term, times in Counter(map(str.lower, terms)).items() if times > 1] == []


def test_a_changelog_fragment_says_what_kind_of_change_it_is():
    fragments = [path.name for path in files("changelog.d/*") if path.name != "README.md"]

    wrong = [it for it in fragments if not re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md", it)]

    assert wrong == []


def test_every_make_target_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word for page in PAGES for word in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE)
    }

    assert {"run", "test"} <= named
    assert named <= targets


def test_every_setting_is_told_on_its_page():
    code = "".join(path.read_text() for path in files("*.py") if name(path).startswith("tideover/"))
    page = (ROOT / "docs" / "how-to" / "settings.md").read_text()

    named = set(re.findall(r"TIDEOVER_[A-Z_]*[A-Z]", code)) - {"TIDEOVER_LENDER"}

    assert len(named) > 20
    assert sorted(it for it in named if it not in page) == []
