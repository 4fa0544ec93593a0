"""The shape of a rule file and of a country file: nothing may be misspelt, left out or added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

RuleKind = Literal[
    "window",
    "cap",
    "cool_down",
    "ban",
    "action_ban",
    "consent",
    "contract_address",
    "mandatory_words",
    "template",
    "links_on_request",
    "opt_out_words",
    "duty",
    "notice_before",
    "hold_effect",
    "information",
]
ActsAs = Literal["creditor", "agent"]
Scope = Literal["person", "loan", "address"]
Merge = Literal["min", "max", "union", "intersect", "own"]
Override = Literal["consent", "request", "none"]
Status = Literal["law", "draft", "lender_default"]

RULE_KINDS: tuple[str, ...] = get_args(RuleKind)


class Reference(BaseModel):
    """Where the rule stands: name and article of the act, and a page to read it on."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=3)
    href: str = Field(pattern=r"^https://\S+$")


class RuleFile(BaseModel):
    """One rule as it is written down."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    says: str = Field(min_length=10)
    kind: RuleKind
    applies_to: list[ActsAs] = Field(min_length=1)
    status: Status
    merge: Merge
    override: Override
    unit: str = Field(min_length=2)
    values: dict[date, object] = Field(min_length=1)
    start_assumed: bool = False
    reference: list[Reference]
    still_valid_on: date

    products: list[str] | Literal["all"] = "all"
    channels: list[str] | Literal["all"] | None = None
    classes: list[str] | Literal["all"] | None = None
    purposes: list[str] | Literal["counted"] | None = None
    except_purposes: list[str] | None = None
    scope: Scope | None = None
    when: str | None = None
    roles: list[str] | None = None
    actions: list[str] | None = None
    act: str | None = None
    hold: str | None = None
    gives: dict[str, dict[str, list[str]]] | None = None
    """By purpose: a day that its message names, as the named values whose days are added to the day it is sent."""


class Holidays(BaseModel):
    """Whose public holidays count here, in the codes of ISO 3166."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    country: str = Field(pattern=r"^[A-Z]{2}$")
    subdivision: str | None = None


class CountryFile(BaseModel):
    """A place with rules of its own; it keeps the rules of what it includes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    includes: list[str]
    places: list[str]
    zone: str
    holidays: Holidays | None = None
    weekend: list[str] | None = None


@dataclass(frozen=True)
class Shape:
    """What a kind of rule needs beside the common entries, what it may have, how it may merge."""

    merges: tuple[str, ...]
    needs: frozenset[str]
    may: frozenset[str]


OPTIONAL = frozenset(
    {
        "channels",
        "classes",
        "purposes",
        "except_purposes",
        "scope",
        "when",
        "roles",
        "actions",
        "act",
        "hold",
        "gives",
    }
)
_CHOICE = frozenset({"classes", "purposes", "except_purposes"})


def _shape(merges: str, needs: str = "", may: str = "") -> Shape:
    return Shape(tuple(merges.split()), frozenset(needs.split()), frozenset(may.split()))


def _on_cells(merges: str, needs: str = "", may: str = "") -> Shape:
    shape = _shape(merges, needs, may)
    return Shape(shape.merges, shape.needs | {"channels"}, shape.may | _CHOICE)


SHAPES: Mapping[str, Shape] = {
    "window": _on_cells("intersect own"),
    "cap": _on_cells("min own", needs="scope"),
    "cool_down": _on_cells("max own", needs="scope"),
    "ban": _on_cells("union", may="when gives"),
    "consent": _on_cells("union"),
    "contract_address": _on_cells("union"),
    "mandatory_words": _on_cells("union"),
    "template": _on_cells("union"),
    "links_on_request": _on_cells("union"),
    "action_ban": _shape("union", needs="actions", may="when"),
    "opt_out_words": _shape("union", needs="channels"),
    "duty": _shape("union", needs="channels purposes roles when", may="gives"),
    "notice_before": _shape("union", needs="act", may="purposes"),
    "hold_effect": _shape("own", needs="hold"),
    "information": _shape("own", may="channels"),
}
