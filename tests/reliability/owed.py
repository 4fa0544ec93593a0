"""What the rules order, read by hand: duties that are not told in their days, and people left alone with an open need."""

from dataclasses import dataclass, field

from tests.reliability.oracle import DAY, HOLDS, Oracle, Sent, lasts


@dataclass
class Owed:
    """Looks at the end of each day at what the oracle has heard."""

    heard: Oracle
    waits: dict = field(default_factory=dict)  # (person, loan, duty): days owed
    left_alone: dict = field(default_factory=dict)  # (person, loan): days with an open need and no word

    def missed(self, at: int, has_case, held_out) -> list[tuple[str, str]]:
        """(person, what) of duties that are overdue without a case, and of people left alone with an open need."""
        found = []
        for id_, loan in self.heard.loans.items():
            person, open_ones = loan["borrower_id"], self.heard.still_open(id_)
            today = self.heard.today(person, at)
            late = [today - row["due_on"] for row in open_ones if row["due_on"] < today]
            self._waits(
                person,
                id_,
                "arrears_notice",
                at,
                14,
                self.heard.place(person) == "GB" and len(late) >= 2,
                max(late, default=0),
                has_case,
                found,
            )
            owed = self.heard.place(person) == "LV" and max(late, default=0) >= 10
            self._waits(person, id_, "first_notice", at, 7, owed, max(late, default=0), has_case, found)
            self._alone(person, loan, at, max(late, default=0), held_out, found)
        return found

    def _waits(self, person, loan, duty, at, within, is_owed, days_late, has_case, found):
        told = self.heard.told_days(person, loan, (duty,), self.heard.today(person, at), surely=True)
        key, is_owed = (person, loan, duty), is_owed and (told is None or told > days_late)
        asked = Sent(at, person, "", "letter", duty, loan, at + DAY, "accepted", "")
        rests = any("duty" not in HOLDS[row["kind"]]["passes"] for row in self.heard.resting(asked))
        self.waits[key] = (
            self.waits.get(key, 0) + 1 if is_owed and not rests and self.heard.fresh_until >= at else 0
        )
        if self.waits[key] > within + 2 and not has_case(person, at - (within + 2) * DAY):
            found.append((person, f"duty missed: {duty} about {loan}"))
            self.waits[key] = 0

    def _alone(self, person, loan, at, days_late, held_out, found):
        """Forty days: the slowest rung speaks every thirty, and has seven more to leave in."""
        key = person, loan["loan_id"]
        may = (
            days_late >= 8 and loan["kind"] in ("instalment", "once") and self._may_be_told(person, loan, at)
        )
        heard = any(0 <= at - one.at < DAY and one.counts and one.reached for one in self.heard.got[person])
        self.left_alone[key] = self.left_alone.get(key, 0) + 1 if may and not heard else 0
        if self.left_alone[key] > 40 and not held_out(person):
            found.append((person, f"left alone for forty days: {loan['loan_id']}"))
            self.left_alone[key] = 0

    def _may_be_told(self, person, loan, at) -> bool:
        wishes = {row["name"]: row["value"] for row in self.heard.of("preferences", person)}
        if (
            self.heard.place(person) == "LV"
            or "hours" in wishes
            or "quiet_days" in wishes
            or len(self.heard.zones(person, at)) != 1
        ):
            return False
        if (
            any(lasts(row, at) for row in self.heard.of("holds", person))
            or self.heard.in_difficulty(person, at)
            or self.heard.fresh_until < at
        ):
            return False
        recent = [row["at"] for row in self.heard.of("conversations", person)] + [
            row["paid_at"] for row in self.heard.of("payments", loan["loan_id"])
        ]
        recent += [row["made_at"] + 14 * DAY for row in self.heard.of("promises", person)]
        if any(at - when < 14 * DAY for when in recent) or (loan["limitation_on"] or 10**9) <= at // DAY:
            return False
        for point in self.heard.of("contact_points", person):
            asked = Sent(
                at,
                person,
                self.heard.values.get(point["address_id"], ""),
                point["channel"],
                "plan_offer",
                loan["loan_id"],
                at + DAY,
                "",
                "",
            )
            is_written = asked.channel in ("email", "letter") and not {"channels", "shared_phone"} & set(
                wishes
            )
            if (
                is_written
                and point["in_contract"]
                and self.heard.works(point, asked)
                and self.heard.consent(asked) != "refused"
            ):
                return True
        return False
