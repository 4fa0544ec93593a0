"""What stands between a candidate and a person: holds, addresses, consent, bans, wishes, caps, rests."""

from tests.reference.plain import is_now

NEVER_REFUSED = ("duty", "receipt", "answer")
NONE = "none"


class Rules:
    """The merged rules of a day, looked up cell by cell."""

    def __init__(self, tables, bans):
        self.tables, self.bans = tables, bans
        self.cells = {_cell(row): row for row in tables.cells}
        self.caps = {cap["cap_id"]: cap for cap in tables.caps}
        self.caps_of = {}
        for row in tables.caps_by_cell:
            self.caps_of.setdefault(_cell(row), set()).add(row["cap_id"])
        self.rests_of = {}
        for row in tables.cooldowns:
            self.rests_of.setdefault(_cell(row), []).append((row["seconds"], row["rule_id"]))

    def jurisdiction(self, *places):
        """Of the first place that has rules, or whose country has: BR-SP, then BR."""
        for place in places:
            for name in (place, place.split("-")[0]) if place else ():
                if name in self.tables.places:
                    return self.tables.places[name]
        return "_default"


def _cell(row):
    return row["jurisdiction"], row["kind"], row["purpose"], row["channel"]


def hold_place(candidate, person, world):
    """The place in the order of holds of the first that rests this candidate, or None."""
    kinds = list(world.lists.holds)
    resting = [it for it in _holds_over(candidate, person, world) if it["kind"] in kinds]
    rested = [it for it in resting if candidate.purpose_class not in world.lists.holds[it["kind"]]["passes"]]
    return min((kinds.index(it["kind"]) for it in rested), default=None)


def _holds_over(candidate, person, world):
    """A hold that covers the person rests all her contacts. One that covers a loan rests every party's about it;
    naming no loan it rests all her contacts, and every party's about the loans she took."""
    for it in person.active_holds:
        if not it["loan_id"] or not covers_loan(it, world.lists):
            yield it
    if candidate.level == "loan":
        loan = world.loans[candidate.subject]
        for it in world.loan_holds:
            if it["loan_id"] == loan.id or (not it["loan_id"] and it["person_id"] == loan.borrower_id):
                yield it


def covers_loan(hold, lists):
    return lists.holds.get(hold["kind"], {}).get("covers") == "loan"


def address(person, channel, at):
    """2 where a working address of the contract is known, 1 where another is, else 0."""
    best = 0
    for it in person.rows["contact_points"]:
        works = it["state"] in ("ok", None) and is_now(it["since"], it["until"], at)
        if works and it["channel"] == channel:
            best = max(best, 2 if it["in_contract"] else 1)
    return best


def consent(person, channel, purpose_class, at):
    """-1 refused, 1 granted, 0 nothing said; one refusal outweighs every grant."""
    said = 0
    for it in person.rows["consents"]:
        if it["channel"] not in (channel, "all") or it["purpose_class"] not in (purpose_class, "all"):
            continue
        granted, withdrawn = it["granted_at"], it["withdrawn_at"]
        if withdrawn is not None and (granted is None or withdrawn >= granted):
            return -1
        if granted is not None and granted <= at:
            said = 1
    return said


def closed_by(candidate, channel, person, world):
    """The first thing that closes an allowed channel to a candidate; None where it is open."""
    rule = world.rules.cells[person.jurisdiction, candidate.kind, candidate.purpose, channel]
    reach = address(person, channel, world.at)
    said = consent(person, channel, candidate.purpose_class, world.at)
    may_refuse = candidate.purpose_class not in NEVER_REFUSED
    by_person = world.lists.channels[channel]["by"] == "person"
    private = world.lists.channels[channel]["private"]
    if reach == 0:
        return "no_address"
    if rule["contract_by"] and reach < 2:
        return rule["contract_by"]
    if may_refuse and said == -1:
        return "refused"
    if rule["banned_by"]:
        return rule["banned_by"]
    if rule["consent_by"] and said != 1:
        return rule["consent_by"]
    if may_refuse and channel not in _wished(person.wished_channels, channel):
        return "wished_other_channel"
    if may_refuse and by_person and person.wants_no_calls:
        return "asked_no_calls"
    if may_refuse and not by_person and not private and person.has_shared_phone:
        return "others_use_phone"
    return _banned(candidate, channel, person, world)


def _wished(text, channel):
    """The channels a wish names; whoever has none wishes for any."""
    return [channel] if text is None else [word.strip() for word in text.split(",")]


def _banned(candidate, channel, person, world):
    """The first ban whose condition is true now; conditions about loans say nothing about other subjects."""
    for ban, is_true, speaks_of_loans in world.rules.bans:
        covered = (
            person.jurisdiction in ban.jurisdictions
            and candidate.kind in ban.kinds
            and candidate.purpose in ban.purposes
            and channel in ban.channels
        )
        if covered and (candidate.level == "loan" or not speaks_of_loans) and is_true(candidate.facts):
            return ban.id
    return None


def cap_frees_at(candidate, channel, person, world):
    """(moment, cap): when the last of the caps still holding lets go, and which; (None, None) where none holds."""
    caps = world.rules.caps_of.get((person.jurisdiction, candidate.kind, candidate.purpose, channel), ())
    held = [(_frees_at(world.rules.caps[cap], candidate, person, world), cap) for cap in caps]
    held = [(moment, cap) for moment, cap in held if moment is not None and moment > world.at]
    latest = max((moment for moment, _ in held), default=None)
    return latest, min((cap for moment, cap in held if moment == latest), default=None)


def _frees_at(cap, candidate, person, world):
    """A period after the n-th latest contact that used the cap; queued contacts count at the moment they will leave."""
    used = [it["send_at"] for it in person.contacts if _uses(it, cap, candidate, person, world)]
    used.sort(reverse=True)
    return used[cap["n"] - 1] + cap["period_seconds"] if len(used) >= cap["n"] else None


def _uses(contact, cap, candidate, person, world):
    for subject in world.subjects_of(contact):
        loan = world.loans.get(subject)
        kind = (loan and loan.row["kind"]) or NONE
        counted = world.rules.caps_of.get(
            (person.jurisdiction, kind, contact["purpose"], contact["channel"]), ()
        )
        if cap["cap_id"] in counted and (cap["scope"] != "loan" or subject == candidate.subject):
            return True
    return False


def rest_after_talk(candidate, channel, person, world):
    """(seconds, rule) of quiet after a talk; (None, None) where the rules ask for none."""
    cell = person.jurisdiction, candidate.kind, candidate.purpose, channel
    return max(world.rules.rests_of.get(cell, []), default=(None, None))
