"""Strategy and lists as they are written: read from their files, believed as they stand."""

from dataclasses import dataclass

import yaml

from tests.reference.language import condition, names_in

LAST = 1_000_000
LOAN, APPLICATION, PERSON = "loan", "application", "person"


def _read(path):
    return yaml.safe_load(path.read_text("utf-8"))


@dataclass(frozen=True)
class Lists:
    """The closed lists: what each purpose, channel and hold is."""

    classes: dict
    purposes: dict
    channels: dict
    holds: dict

    @staticmethod
    def read(folder):
        purposes = _read(folder / "purposes.yaml")
        channels = _read(folder / "channels.yaml")["channels"]
        return Lists(
            purposes["classes"], purposes["purposes"], channels, _read(folder / "holds.yaml")["holds"]
        )

    def class_of(self, purpose):
        return self.purposes[purpose]["class"]


@dataclass(frozen=True)
class Step:
    """One rung: what is said when, or the silence that is kept."""

    policy: str
    name: str
    rank: int
    when: object
    because: str
    purpose: str | None
    use_by: int = 2
    tones: tuple = ("warm",)
    channels: tuple = ()
    lesson: str | None = None
    offers: tuple = ()


@dataclass(frozen=True)
class Policy:
    """Steps in order; the first that matches counts."""

    subject: str
    roles: tuple
    applies: object
    steps: tuple


@dataclass(frozen=True)
class Strategy:
    """Policies, and how many in 10,000 are held out."""

    policies: tuple
    hold_out: int
    values: dict


def read_strategy(folder):
    """The policies of a folder, each step with its rank in the order."""
    head = _read(folder / "strategy.yaml")
    order = _read(folder / "order.yaml")["order"]
    files = {
        path.stem: _read(path)
        for path in sorted((folder / "policies").glob("*.yaml"))
        if ".cases" not in path.name
    }
    ranks = _ranks(order, files)
    values = head.get("values", {})
    policies = tuple(_policy(name, file, ranks, values) for name, file in files.items())
    return Strategy(policies, head.get("hold_out", 0), values)


def _ranks(order, files):
    """Steps in the order's order; where it names a whole policy, its steps that have no place of their own."""
    places = {}
    for place, entry in enumerate(order):
        name, _, step = entry.partition("/")
        for number, written in enumerate(files.get(name, {}).get("steps", [])):
            if step and written.get("name") == step:
                places[name, number] = place
            elif not step:
                places.setdefault((name, number), place)
    ordered = sorted(places, key=lambda key: (places[key], key))
    return {key: 1000 + number for number, key in enumerate(ordered)}


def _policy(name, file, ranks, values):
    steps = tuple(_step(name, i, it, ranks.get((name, i), 0), values) for i, it in enumerate(file["steps"]))
    applies = condition(file.get("applies") or "True", values)
    roles = tuple(file.get("roles", ["borrower", "co_borrower"]))
    return Policy(file.get("subject", LOAN), roles, applies, steps)


def _step(policy, number, it, rank, values):
    said = it.get("do") or it["otherwise"]
    purpose = None if said == "silence" else said
    when = it.get("when") or "True"
    every = it.get("every", 7)
    if purpose and every:
        told = f'days_since_told("{purpose}")'
        when = f"({when}) and ({told} is None or {told} >= {every})"
    return Step(
        policy=policy,
        name=it.get("name") or f"step_{number + 1}",
        rank=rank + (LAST if "otherwise" in it else 0),
        when=condition(when, values),
        because=it["because"],
        purpose=purpose,
        use_by=it.get("use_by", 2),
        tones=tuple(it.get("tones", ["warm"])),
        channels=tuple(it.get("channels", [])),
        lesson=it.get("lesson") or None,
        offers=tuple(it.get("offers", [])),
    )


def duty_policies(duties, values):
    """What laws say must be told stands before everything; duties are told in the order of their names."""
    policies = []
    for rank, duty in enumerate(sorted(duties, key=lambda duty: duty.id), 1):
        subject = APPLICATION if names_in(duty.when) & {"application_step", "days_since_step"} else LOAN
        owed = condition(duty.when, values)
        step = Step(
            "duties", duty.id, rank, _here(duty, subject, owed), "duty_owed", duty.purpose, duty.within_days,
            ("plain",), tuple(duty.channels),
        )  # fmt: skip
        policies.append(Policy(subject, tuple(duty.roles), lambda facts: True, (step,)))
    return tuple(policies)


def _here(duty, subject, owed):
    def when(facts):
        if facts("jurisdiction") not in duty.jurisdictions:
            return False
        if subject == LOAN and (facts("kind") or "none") not in duty.kinds:
            return False
        return owed(facts)

    return when
