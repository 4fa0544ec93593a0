"""What a person told us, wishes and looks for, where she may be, and the segment that follows."""

from tests.engine.insight.given import due, lent, living, of_person, stood, story, wishes
from tests.people import AT, DAY, TODAY

CALM = due(95, 65, 35, 5, lags=[0, -1, 0])
"""Three on time, and one that is open for five days."""

HABIT = due(125, 95, 65, 35, -10, lags=[8, 0, 9, 12])
PAYDAY = due(125, 95, 65, 35, -10, lags=[5, 6, 5, 6])
UNSTUDIED = wishes(do_not_study="yes")
LONG_AGO = AT - 300 * DAY

STORIES = [
    # needs
    story(
        "a hold that tells of difficulty",
        "difficulty_holds",
        1,
        of_person("holds", "a", kind="hardship"),
        of_person("holds", "b", kind="dispute"),
    ),
    story(
        "also where it names one loan",
        "difficulty_holds",
        1,
        lent(),
        lambda name: of_person("holds", "a", kind="insolvency", loan_id=f"{name}-loan-1")(name),
    ),
    story(
        "a lifted hold tells nothing",
        "difficulty_holds",
        0,
        of_person("holds", "a", kind="hardship", until_at=AT),
    ),
    story(
        "a reason that money is short",
        "hard_reasons",
        1,
        of_person("lateness_reasons", loan_id="", need="job_loss", told_at=AT - 89 * DAY),
    ),
    story(
        "ninety days later it is history",
        "hard_reasons",
        0,
        of_person("lateness_reasons", loan_id="", need="job_loss", told_at=AT - 90 * DAY),
    ),
    story(
        "pay comes after the due day",
        "payday_reasons",
        1,
        of_person("lateness_reasons", loan_id="", need="payday_later", told_at=AT),
    ),
    story(
        "she said that pay comes later",
        "pay_comes_later",
        True,
        of_person("lateness_reasons", loan_id="", need="payday_later", told_at=AT),
    ),
    story(
        "a shared hardship holds",
        "disaster_hold_on",
        TODAY - 4,
        of_person("holds", "a", kind="disaster", from_at=AT - 4 * DAY),
    ),
    story(
        "she told us of a disaster",
        "disaster_told_on",
        TODAY - 3,
        of_person("lateness_reasons", loan_id="", need="disaster", told_at=AT - 3 * DAY),
    ),
    story(
        "days since it touched her, by the later word",
        "days_since_disaster",
        3,
        of_person("holds", "a", kind="disaster", from_at=AT - 4 * DAY),
        of_person("lateness_reasons", loan_id="", need="disaster", told_at=AT - 3 * DAY),
    ),
    story(
        "difficulty by her own word",
        "in_difficulty",
        True,
        of_person("lateness_reasons", loan_id="", need="illness", told_at=AT),
    ),
    story(
        "rather not say is no difficulty",
        "in_difficulty",
        False,
        of_person("lateness_reasons", loan_id="", need="rather_not_say", told_at=AT),
    ),
    story(
        "support needs she told us",
        "support_needs",
        2,
        wishes(voice="yes", large_print="yes", interpreter="no"),
    ),
    story("at least one", "has_support_need", True, wishes(trusted_person="yes")),
    story("do not study my habits", "do_not_study", True, UNSTUDIED),
    story("she said so", "refuses_study", 1, UNSTUDIED),
    story("no calls", "refuses_calls", 1, wishes(letters_only="yes")),
    story("others use her phone", "shares_phone", 1, wishes(shared_phone="yes")),
    story("the channels she wants", "wished_channels", "app,letter", wishes(channels="app,letter")),
    story("the hours she wants", "wished_hours", "evening", wishes(hours="evening")),
    story("her quiet days", "wished_quiet_days", "sun", wishes(quiet_days="sun")),
    story("the rhythm she wants", "wished_rhythm", "weekly", wishes(rhythm="weekly")),
    story(
        "a complaint that is open",
        "open_complaints",
        1,
        of_person("complaints", "a", at=LONG_AGO, state="answered"),
        of_person("complaints", "b", at=LONG_AGO, closed_at=AT),
    ),
    story(
        "when one was closed",
        "complaint_closed_on",
        TODAY,
        of_person("complaints", "b", at=LONG_AGO, closed_at=AT),
    ),
    story(
        "days since one was closed",
        "days_since_complaint_closed",
        2,
        of_person("complaints", "b", at=LONG_AGO, closed_at=AT - 2 * DAY),
    ),
    story(
        "her latest score",
        "satisfaction",
        4,
        of_person("survey_answers", what="a", at=AT - DAY, score=4),
        of_person("survey_answers", what="b", at=AT - 9 * DAY, score=5),
    ),
    story(
        "days since she answered a survey",
        "days_since_survey",
        1,
        of_person("survey_answers", what="a", at=AT - DAY, score=4),
    ),
    story(
        "the latest lesson", "last_lesson_on", TODAY - 7, of_person("lessons_done", what="a", at=AT - 7 * DAY)
    ),
    story("days since it", "days_since_lesson", 7, of_person("lessons_done", what="a", at=AT - 7 * DAY)),
    story(
        "products she looked for",
        "interests_seen",
        1,
        of_person("interests", product="a", kind="viewed", at=AT - 44 * DAY),
        of_person("interests", product="b", kind="asked", at=AT - 45 * DAY),
    ),
    story(
        "the last of them by name",
        "product_interest",
        "b",
        of_person("interests", product="a", kind="viewed", at=AT),
        of_person("interests", product="b", kind="asked", at=AT),
    ),
    story(
        "the first of them by name",
        "first_product_interest",
        "a",
        of_person("interests", product="a", kind="viewed", at=AT),
        of_person("interests", product="b", kind="asked", at=AT),
    ),
    story("what she bought", "bought_lately", 1, of_person("interests", product="a", kind="bought", at=AT)),
    story(
        "one product and nothing bought is clear",
        "interest_is_clear",
        True,
        of_person("interests", product="a", kind="viewed", at=AT),
    ),
    story(
        "two products are not",
        "interest_is_clear",
        False,
        of_person("interests", product="a", kind="viewed", at=AT),
        of_person("interests", product="b", kind="asked", at=AT),
    ),
    story("the latest visit", "last_visit_on", TODAY - 1, of_person("visits", "a", at=AT - DAY)),
    # segments and places
    story("new to credit", "habit_segment", "new"),
    story("a spotless segment", "habit_segment", "spotless", lent(), CALM),
    story("an often late segment", "habit_segment", "often", lent(), HABIT),
    story("not studied is new", "habit_segment", "new", UNSTUDIED, lent(closed_on=TODAY), HABIT),
    story("sixty days and more", "lateness_band", "60+", lent(), due(60)),
    story(
        "thirty to fifty-nine", "lateness_band", "30-59", lent(kind="revolving"), stood(5, days_late_from=30)
    ),
    story("the leaf joins both", "leaf", "spotless/1-29", lent(), CALM),
    story(
        "the leaf of whoever is not studied tells nothing of her",
        "leaf",
        "new/1-29",
        UNSTUDIED,
        lent(),
        CALM,
        lent(number=2, closed_on=TODAY),
    ),
    story("a call helps most at thirty days", "worth_a_call", True, lent(), due(40)),
    story("and least when nothing is late", "worth_a_call", False),
    story("an officer known by name", "has_officer", True, living(officer_name="Liga")),
    story("no officer", "has_officer", False),
    story(
        "the first of her zones by name",
        "zone_1",
        "America/New_York",
        of_person("locations", source="a", since=0, timezone="Asia/Tokyo"),
        of_person("locations", source="b", since=0, timezone="America/New_York"),
    ),
    story(
        "the second",
        "zone_2",
        "Asia/Tokyo",
        of_person("locations", source="a", since=0, timezone="Asia/Tokyo"),
        of_person("locations", source="b", since=0, timezone="America/New_York"),
    ),
    story(
        "the third",
        "zone_3",
        "Asia/Tokyo",
        *(
            of_person("locations", source=zone, since=0, timezone=zone)
            for zone in ("Asia/Tokyo", "Africa/Lagos", "America/New_York")
        ),
    ),
    story(
        "the fourth",
        "zone_4",
        "Europe/Riga",
        *(
            of_person("locations", source=zone, since=0, timezone=zone)
            for zone in ("Asia/Tokyo", "Africa/Lagos", "America/New_York", "Europe/Riga")
        ),
    ),
    story(
        "different zones",
        "zones_known",
        1,
        of_person("locations", source="a", since=0, timezone="Asia/Tokyo"),
        of_person("locations", source="b", since=0, timezone="Asia/Tokyo"),
    ),
    story(
        "a place she has left is none",
        "places_known",
        0,
        of_person("locations", source="a", since=0, until=AT, timezone="Asia/Tokyo"),
    ),
    story(
        "country and region",
        "region",
        "BR-SP",
        of_person("locations", source="a", since=0, country="BR", region="SP"),
    ),
    story("what runs for a promise counts for nobody else", "open_loans", 0, lambda name: {}),
]
