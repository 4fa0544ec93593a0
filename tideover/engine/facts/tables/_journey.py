"""What happens around a loan: applications, interests, lessons, surveys; and what is true of the lender."""

from ._shape import Column, Kind, Table, key

JOURNEY = (
    Table(
        "milestones",
        "A step that an application has reached",
        ("application_id", "step"),
        (
            key("application_id", "The application"),
            key("person_id", "Who applies", of="borrowers"),
            Column("product", Kind.CODE, "Product asked for", ""),
            Column(
                "step",
                Kind.CODE,
                "Step: received, under_review, approved, declined, disbursed ...",
                "",
                required=True,
            ),
            Column("at", Kind.MOMENT, "When it was reached", "UTC", required=True),
        ),
        cost_if_missing="applications are not known: no news about them",
        person="person_id",
    ),
    Table(
        "interests",
        "What a person looked at or asked for; only with consent",
        ("person_id", "product", "kind", "at"),
        (
            key("person_id", "The person", of="borrowers"),
            Column("product", Kind.CODE, "Product", "", required=True),
            Column(
                "kind",
                Kind.CODE,
                "How it showed",
                "",
                required=True,
                codes=("viewed", "searched", "asked", "bought"),
            ),
            Column("at", Kind.MOMENT, "When", "UTC", required=True),
        ),
        cost_if_missing="no offers: relevance cannot be known",
        person="person_id",
    ),
    Table(
        "lessons_done",
        "A lesson a person finished",
        ("person_id", "what", "at"),
        (
            key("person_id", "The person", of="borrowers"),
            Column("what", Kind.CODE, "Lesson", "", required=True),
            Column("at", Kind.MOMENT, "When", "UTC", required=True),
            Column("score", Kind.COUNT, "Right answers", "per cent"),
        ),
        cost_if_missing="a lesson may be offered twice",
        person="person_id",
    ),
    Table(
        "survey_answers",
        "An answer to a survey",
        ("person_id", "what", "at"),
        (
            key("person_id", "The person", of="borrowers"),
            Column("what", Kind.CODE, "Question", "", required=True),
            Column("at", Kind.MOMENT, "When", "UTC", required=True),
            Column("score", Kind.COUNT, "Answer on the question's scale", "by question", negative=True),
        ),
        cost_if_missing="satisfaction is not known",
        person="person_id",
    ),
)

LENDER = (
    Table(
        "lender",
        "Under which law the lender acts",
        ("jurisdiction",),
        (
            Column(
                "jurisdiction",
                Kind.CODE,
                "Country whose law binds the lender",
                "ISO 3166-1 alpha-2",
                required=True,
            ),
            Column(
                "acts_as",
                Kind.CODE,
                "As creditor or for one",
                "",
                codes=("creditor", "agent"),
                otherwise="creditor",
            ),
            Column("licence", Kind.TEXT, "Its licence, as it must be shown", ""),
            Column("currency", Kind.CODE, "Currency of its own costs", "ISO 4217"),
        ),
        cost_if_missing="the lender is taken to act as creditor, under the law of each person's country",
    ),
    Table(
        "feeds",
        "Up to when a stream of facts is complete",
        ("name",),
        (
            Column("name", Kind.CODE, "Feed: payments, contacts ...", "", required=True),
            # Says how far our knowledge reaches and ends nothing: it stays visible.
            Column("fresh_until", Kind.MOMENT, "Everything up to here has arrived", "UTC", required=True),
        ),
        cost_if_missing="nobody is asked to pay, as payments may be missing, unless the source assumes a fresh feed",
    ),
)
