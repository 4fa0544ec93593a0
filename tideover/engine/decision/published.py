"""Published tables: whatever is learned or ranked over several people, frozen by hash and passed in.

One person is compared with them, so adding strangers to a book changes nobody's decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import narwhals as nw
import yaml
from pydantic import Field, ValidationError

from tideover.engine.arithmetic import number
from tideover.engine.decision.backend import Backend
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.lists import Strict
from tideover.kit.errors import Refused
from tideover.kit.ids import hash_of_value

FILE = "tables.json"
CHOICES = ("channel", "slot", "weekday", "tone")


@dataclass(frozen=True)
class Published:
    """Weights and shares by leaf, call cut-offs by team. All integers per 10,000."""

    leaves: Mapping[str, Mapping[str, int]]
    cutoffs: Mapping[str, int]
    cutoff_otherwise: int
    made_from: str = "shipped"

    @cached_property
    def hash(self) -> str:
        """The name under which decisions cite these tables."""
        return hash_of_value(
            {"leaves": _plain(self.leaves), "cutoffs": dict(self.cutoffs), "else": self.cutoff_otherwise}
        )

    def save(self, folder: Path) -> Path:
        """Write them where `--tables` finds them."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        content = {
            "made_from": self.made_from,
            "hash": self.hash,
            "leaves": _plain(self.leaves),
            "cutoffs": dict(self.cutoffs),
            "cutoff_otherwise": self.cutoff_otherwise,
        }
        path.write_text(json.dumps(content, indent=1, sort_keys=True), "utf-8")
        return path

    def weights(self, backend: Backend) -> nw.LazyFrame:
        """One row a leaf: prior__<choice>__<cell>."""
        return self._frame(backend, [name for name in self._names if name.startswith("prior__")])

    def shares(self, backend: Backend) -> nw.LazyFrame:
        """One row a leaf: reminder_prior and call_effect."""
        return self._frame(backend, [name for name in self._names if not name.startswith("prior__")])

    @property
    def _names(self) -> list[str]:
        return list(next(iter(self.leaves.values())))

    def _frame(self, backend: Backend, names: list[str]) -> nw.LazyFrame:
        columns: dict[str, list[object]] = {"leaf": list(self.leaves)}
        columns |= {name: [row[name] for row in self.leaves.values()] for name in names}
        return backend.table(columns, {"leaf": nw.String, **dict.fromkeys(names, nw.Int64)})

    def cutoff_frame(self, backend: Backend) -> nw.LazyFrame:
        """One row a team."""
        return backend.table(
            {"team": list(self.cutoffs), "call_cutoff": list(self.cutoffs.values())},
            {"team": nw.String, "call_cutoff": nw.Int64},
        )

    def joined(self, people: nw.LazyFrame, backend: Backend) -> nw.LazyFrame:
        """People with the columns of their leaf and the cut-off of their team."""
        people = people.join(self.shares(backend), on="leaf", how="left")
        if not self.cutoffs:
            return people.with_columns(number(self.cutoff_otherwise).alias("call_cutoff"))
        people = people.join(self.cutoff_frame(backend), on="team", how="left")
        return people.with_columns(nw.col("call_cutoff").fill_null(self.cutoff_otherwise))


class _Saved(Strict):
    """Published tables as they lie on disk."""

    made_from: str
    hash: str
    leaves: dict[str, dict[str, int]] = Field(min_length=1)
    cutoffs: dict[str, int]
    cutoff_otherwise: int


def _plain(leaves: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {leaf: dict(row) for leaf, row in leaves.items()}


def shipped() -> Published:
    """The tables that come with the product: nothing learned."""
    data = yaml.safe_load((SHIPPED / "tables.yaml").read_text("utf-8"))
    leaves = {}
    for segment in data["segments"]:
        for band in data["bands"]:
            row = {
                f"prior__{choice}__{cell}": weight
                for choice in CHOICES
                for cell, weight in data[choice].items()
            }
            row["reminder_prior"] = data["reminder_prior"][band]
            row["call_effect"] = data["call_effect"][band]
            leaves[f"{segment}/{band}"] = row
    return Published(leaves, {}, data["call_cutoff"])


def load(folder: Path) -> Published:
    """Tables published earlier. Raises Refused where the folder holds none, or they were changed by hand."""
    path = folder / FILE
    if not path.exists():
        raise Refused(
            f"{folder} holds no published tables ({FILE}); make them with: tideover tables --book ... --out {folder}"
        )
    try:
        saved = _Saved.model_validate_json(path.read_bytes())
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(map(str, wrong["loc"])) or "the file"
        raise Refused(
            f"{path} is damaged ({where}: {wrong['msg']}); copy it again from where it was published, or publish "
            f"tables again with: tideover tables --book ... --out {folder}"
        ) from None
    tables = Published(saved.leaves, saved.cutoffs, saved.cutoff_otherwise, saved.made_from)
    if tables.hash != saved.hash:
        raise Refused(
            f"{path} was changed after it was published: its hash is {tables.hash[:12]}, it says {saved.hash[:12]}"
        )
    return tables
