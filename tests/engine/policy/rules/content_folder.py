"""A small content folder with two places below the default, written rule by rule."""

from datetime import date
from pathlib import Path

import yaml

from tideover.engine.policy.rules import Rules, read_rules

_LISTS = {
    "purposes.yaml": {
        "classes": {"duty": {}, "collection": {}, "offer": {}},
        "purposes": {
            "notice": {"class": "duty", "counts": False},
            "reminder": {"class": "collection", "counts": True},
            "offer": {"class": "offer", "counts": True},
        },
    },
    "channels.yaml": {"channels": {"sms": {}, "letter": {}, "call": {}}},
    "holds.yaml": {
        "holds": {
            "dispute": {"passes": ["duty"], "covers": "loan", "stops": ["fees"]},
            "complaint": {"passes": ["duty", "offer"], "covers": "person", "stops": []},
        }
    },
    "rules/_words.yaml": {"words": {"opt_out": {"says": "How to stop."}, "cost": {"says": "It costs."}}},
    "rules/_default/_country.yaml": {"name": "Anywhere", "includes": [], "places": [], "zone": "UTC"},
    "rules/xx/_country.yaml": {
        "name": "Examplia",
        "includes": ["_default"],
        "places": ["XX"],
        "zone": "Europe/Riga",
        "holidays": {"country": "LV"},
    },
    "rules/xx-north/_country.yaml": {
        "name": "Examplia North",
        "includes": ["xx"],
        "places": ["XX-N"],
        "zone": "Europe/Riga",
        "holidays": {"country": "LV"},
    },
}
_COMMON = {
    "applies_to": ["creditor", "agent"],
    "status": "law",
    "unit": "as it says",
    "override": "none",
    "reference": [{"title": "An act, s. 1", "href": "https://example.org/act"}],
    "still_valid_on": date(2030, 1, 1),
}
_BY_KIND = {
    "window": {"classes": ["collection"], "channels": "all", "merge": "intersect"},
    "cap": {"classes": ["collection"], "channels": "all", "merge": "min", "scope": "person"},
    "cool_down": {"classes": ["collection"], "channels": "all", "merge": "max", "scope": "loan"},
    "ban": {"classes": ["collection"], "channels": "all", "merge": "union"},
    "action_ban": {"actions": ["promise"], "merge": "union"},
    "consent": {"classes": ["offer"], "channels": "all", "merge": "union"},
    "mandatory_words": {"classes": ["offer"], "channels": "all", "merge": "union"},
    "duty": {
        "purposes": ["notice"],
        "channels": ["letter"],
        "roles": ["borrower"],
        "when": "overdue > 0",
        "merge": "union",
    },
    "hold_effect": {"hold": "dispute", "merge": "own"},
    "notice_before": {},
    "information": {"merge": "own"},
}
A_VALUE = {
    "window": {"every_day": "08:00-20:00"},
    "cap": {"n": 2, "days": 7},
    "cool_down": {"days": 3},
    "ban": True,
    "action_ban": True,
    "consent": True,
    "mandatory_words": ["opt_out"],
    "duty": {"within_days": 14},
    "hold_effect": {"rests": ["collection"]},
    "notice_before": {"days": 30},
    "information": 2,
}


class Folder:
    """A content folder on disk, or an overlay of one, written rule by rule."""

    def __init__(self, root: Path, *, lists: bool = True) -> None:
        self.root = root
        for name, content in (_LISTS if lists else {}).items():
            self.write(name, content)

    def write(self, name: str, content: object) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return path

    def rule(self, name: str, kind: str, **entries: object) -> Path:
        """Writes a whole rule of that kind at "xx/name"; entries replace or, with None, leave out."""
        written = {
            "id": name.rsplit("/", maxsplit=1)[-1],
            "says": f"This is the rule {name}.",
            "kind": kind,
            **_COMMON,
            **_BY_KIND[kind],
            "values": {date(2020, 1, 1): A_VALUE[kind]},
            **entries,
        }
        return self.write(f"rules/{name}.yaml", {key: one for key, one in written.items() if one is not None})

    def stories(self, name: str, *stories: dict[str, object]) -> Path:
        return self.write(f"rules/{name}.cases.yaml", list(stories))

    def read(self, *overlays: "Folder") -> Rules:
        return read_rules(self.root, *(one.root for one in overlays))
