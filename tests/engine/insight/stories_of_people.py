"""What a person's rows say."""

from tests.engine.insight.given import (
    answered,
    contacted,
    due,
    lent,
    living,
    of_person,
    story,
    wishes,
)
from tests.people import AT, DAY, HOUR, TODAY

CALM = due(95, 65, 35, 5, lags=[0, -1, 0])
"""Three on time, and one that is open for five days."""

HABIT = due(125, 95, 65, 35, -10, lags=[8, 0, 9, 12])
PAYDAY = due(125, 95, 65, 35, -10, lags=[5, 6, 5, 6])
UNSTUDIED = wishes(do_not_study="yes")
LONG_AGO = AT - 300 * DAY

STORIES = [
    # contacts: AT is ten in the morning
    story(
        "the day of the latest contact that has left",
        "last_contact_on",
        TODAY - 2,
        contacted("a", days_ago=2),
        contacted("b", days_ago=-1, state="queued"),
    ),
    story("days since then", "days_since_contact", 2, contacted("a", days_ago=2)),
    story(
        "a rejected contact is none", "days_since_contact", None, contacted("a", days_ago=2, state="rejected")
    ),
    story(
        "nobody knows whether it came: it counts",
        "contacts_in_7_days",
        1,
        contacted("a", days_ago=2, state="unknown"),
    ),
    story(
        "exactly seven days ago is over",
        "contacts_in_7_days",
        1,
        contacted("a", days_ago=7),
        contacted("b", days_ago=7, seconds=1),
    ),
    story(
        "a queued contact counts",
        "contacts_in_30_days",
        2,
        contacted("a", days_ago=-2, state="queued"),
        contacted("b", days_ago=29),
    ),
    story(
        "the latest talk",
        "last_conversation_at",
        AT - DAY,
        of_person("conversations", "a", at=AT - DAY),
        of_person("conversations", "b", at=AT + 1),
    ),
    story(
        "a try that nobody answered is no talk",
        "last_conversation_at",
        None,
        of_person("conversations", "a", at=AT - DAY, outcome="no_answer"),
    ),
    story(
        "days since the talk, by her own clock",
        "days_since_conversation",
        1,
        living(timezone="Asia/Tokyo"),
        of_person("conversations", "a", at=AT - 20 * HOUR),
    ),
    story(
        "what she answered",
        "answers_seen",
        1,
        contacted("a", days_ago=3),
        answered("a"),
        contacted("b", days_ago=4),
        answered("b", kind="opened"),
    ),
    story(
        "a scanner's click is no answer",
        "answers_seen",
        0,
        contacted("a", days_ago=3),
        answered("a", human=False),
    ),
    story(
        "whoever refuses to be studied has answered nothing",
        "answers_seen",
        0,
        UNSTUDIED,
        contacted("a", days_ago=3),
        answered("a"),
    ),
    story(
        "reminders she acted on",
        "reminders_acted_on",
        1,
        contacted("a", days_ago=3),
        answered("a"),
        contacted("b", days_ago=3, purpose="lesson"),
        answered("b"),
    ),
    story(
        "reminders she got",
        "reminders_sent",
        1,
        contacted("a", days_ago=179),
        contacted("b", days_ago=180),
        contacted("c", days_ago=2, purpose="offer"),
    ),
    story("an unknown share is the published one", "reminder_works_share", 4_000),
    story("each answer moves it", "reminder_works_share", 5_200, contacted("a", days_ago=3), answered("a")),
    story("a reminder works one time in five or more", "reminder_works", True),
    story("for whoever is long late it works less", "reminder_works", False, lent(), due(70)),
    story(
        "a reminder is believed to work for whoever is not studied",
        "reminder_works",
        True,
        UNSTUDIED,
        lent(),
        due(70),
    ),
    # history
    story(
        "times something fell due over all loans",
        "all_times_due",
        5,
        lent(),
        CALM,
        lent(number=2),
        due(9, number=2),
    ),
    story("late before, over all loans", "late_before", 3, lent(), HABIT),
    story("late now, over all loans", "late_now", 1, lent(), CALM),
    story("furthest behind", "worst_days_past_due", 40, lent(), CALM, lent(number=2), due(40, number=2)),
    story("nobody without a loan is behind or ahead", "worst_days_past_due", None),
    story("running loans", "open_loans", 1, lent(), lent(number=2, closed_on=TODAY)),
    story("loans that ended", "closed_loans", 1, lent(), lent(number=2, closed_on=TODAY)),
    story("lags over all loans", "all_lag_count", 4, lent(), HABIT),
    story("their sum", "all_lag_sum", 29, lent(), HABIT),
    story("their squares", "all_lag_square_sum", 289, lent(), HABIT),
    story("recent lags", "all_recent_lag_count", 2, lent(), HABIT),
    story("their sum of late", "all_recent_lag_sum", 21, lent(), HABIT),
    story("paid on time before", "on_time_before", 3, lent(), CALM),
    story("payments so far", "past_payments", 4, lent(), HABIT),
    story("share that was late", "share_late_ppm", 750_000, lent(), HABIT),
    story("no payments, no share", "share_late_ppm", None, lent(), due(-3)),
    story("three on time and never late is spotless", "spotless", True, lent(), CALM),
    story("two are not enough", "spotless", False, lent(), due(65, 35, lags=[0, 0])),
    story("a loan given up is no spotless history", "spotless", False, lent(closed_on=TODAY), CALM),
    story("one open payment after a spotless history", "first_slip", True, lent(), CALM),
    story(
        "two open payments are more than a slip",
        "first_slip",
        False,
        lent(),
        CALM,
        lent(number=2),
        due(9, number=2),
    ),
    story("late twice and in a third of payments", "often_late", True, lent(), HABIT),
    story("whoever refuses to be studied has no habits", "often_late", False, UNSTUDIED, lent(), HABIT),
    story("fewer than three due and nothing repaid", "new_to_credit", True, lent(), due(35, 5, lags=[0, 0])),
    story(
        "a loan repaid is experience", "new_to_credit", False, lent(closed_on=TODAY), due(35, 5, lags=[0, 0])
    ),
    story("mean days after the due day", "usual_lag", 5, lent(), PAYDAY),
    story("early is nought", "usual_lag", 0, lent(), due(95, 65, 35, lags=[-3, -2, -9])),
    story("two payments say nothing", "usual_lag", None, lent(), due(65, 35, lags=[5, 5])),
    story("steady around the mean", "steady_lag", True, lent(), PAYDAY),
    story("scattered", "steady_lag", False, lent(), HABIT),
    story("steadily some days late, as one whose pay comes later", "pays_on_payday", True, lent(), PAYDAY),
    story(
        "later by days than it used to be",
        "worsening",
        True,
        lent(),
        due(185, 155, 65, 35, lags=[0, 1, 9, 9]),
    ),
    story("as it always was", "worsening", False, lent(), PAYDAY),
    story(
        "the next thing that happens to a loan",
        "next_event_on",
        TODAY + 1,
        lent(),
        due(-20),
        lent(number=2),
        due(-4, number=2),
    ),
]
