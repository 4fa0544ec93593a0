"""What is committed could be published as it is, and runs on any machine."""

import re

import pytest

from tests.architecture.tree import ROOT, files, name, text

# Brackets keep these patterns from finding themselves.
PRIVATE = {
    "a registry's host": r"py[p]i\.org|python[h]osted|npm[j]s\.|deb[.]debian|files\.[p]ython",
    "a path of one machine": r"/w[o]rk/|/h[o]me/\w|/r[o]ot/|/U[s]ers/\w|/opt/p[y]",
    "an address of the net": r"\b(?:10|192\.168|172\.16)\.\d+\.\d+\.\d+\b|\b192\.168\.\d+\.\d+\b",
    "a secret": r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}",
}


@pytest.mark.parametrize("what", PRIVATE)
def test_no_file_tells_where_it_was_written(what):
    pattern = re.compile(PRIVATE[what])

    found = {name(path): match[0] for path in files() if (match := pattern.search(text(path) or ""))}

    assert found == {}


def test_every_locked_package_has_its_hashes():
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        locked = re.findall(r"^[a-z0-9].*?==(?:.*\\\n)+?.*$", lock.read_text(), re.MULTILINE)

        assert locked, f"{lock.name} locks nothing"
        assert [entry.split()[0] for entry in locked if "--hash=sha256:" not in entry] == []
