"""A small strategy to break one thing at a time."""

from pathlib import Path

import pytest
import yaml

from tideover.engine.policy.content import ContentRefused
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import read_strategy

LATE = """\
says: A payment whose day has passed is met with a reminder.
subject: loan
applies: is_open and days_past_due > 0
steps:
  - name: paid
    when: recently_paid
    do: silence
    because: just_paid
  - name: gentle
    when: days_past_due >= gentle_days
    do: gentle_reminder
    because: day_has_passed
  - {otherwise: silence, because: nothing_useful_to_say}
"""
FRIENDLY = """\
says: After a talk we ask how it was.
subject: person
steps:
  - name: after_talk
    when: days_since_conversation == 2
    do: survey
    because: after_our_talk
    every: 0
  - {otherwise: silence, because: nothing_useful_to_say}
"""
HEAD = "says: A small strategy for tests.\nvalues: {gentle_days: 2}\n"
ORDER = "order:\n  - duties\n  - late\n  - friendly\n"


class Folder:
    """A strategy folder that is written file by file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("strategy.yaml", HEAD)
        self.write("order.yaml", ORDER)
        self.write("policies/late.yaml", LATE)
        self.write("policies/friendly.yaml", FRIENDLY)

    def write(self, name: str, text: str | bytes) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a part of a file that is there."""
        text = (self.path / name).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def cases(self, policy: str, *cases: dict) -> None:
        self.write(f"policies/{policy}.cases.yaml", yaml.safe_dump({"cases": list(cases)}, sort_keys=False))

    def read(self):
        return read_strategy(self.path, read_lists())

    def problems(self) -> list[str]:
        """What is wrong, one line each."""
        with pytest.raises(ContentRefused) as refused:
            self.read()
        return str(refused.value).splitlines()
