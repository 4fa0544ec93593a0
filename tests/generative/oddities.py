"""What may occur in a nasty book: odd moments, places, codes and wishes, known and unknown ones."""

from tests.people import DAY, HOUR, moment

MOMENTS = [
    moment(text)
    for text in (
        "2026-11-25T10:00", "2026-11-25T23:30:01", "2027-12-31T22:59:59", "2028-02-28T23:59:59", "2028-02-29T06:13:07",
        "2026-03-29T00:59:59", "2026-03-29T01:00", "2026-03-28T18:30", "2026-10-25T00:59:59", "2026-10-25T01:00",
        "2026-10-24T21:15", "2026-03-08T06:59:59", "2026-03-08T07:00", "2026-11-01T05:30", "2026-10-31T23:10",
        "2026-10-03T15:30", "2026-10-03T15:29:59", "2026-04-04T14:59:59", "2026-04-04T15:00", "2026-02-15T01:59:59",
        "2026-03-22T02:00", "2026-03-21T12:00", "2026-06-30T12:00:31", "2027-01-01T00:00",
    )
]  # fmt: skip
"""Odd moments: the seconds at which clocks move in Europe, New York, Lord Howe and Casablanca, leap days, new year."""

ZONES = (
    "Europe/Riga", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tehran",
    "Asia/Kathmandu", "Asia/Ho_Chi_Minh", "America/Sao_Paulo", "Pacific/Kiritimati", "Pacific/Pago_Pago",
)  # fmt: skip
HOME = {
    "Europe/Riga": ("LV", "EE"), "Europe/London": ("GB", "IE"), "America/New_York": ("US", "US-NY"),
    "Australia/Lord_Howe": ("AU",), "Africa/Casablanca": ("MA",), "Asia/Tehran": ("IR",), "Asia/Kathmandu": ("IN",),
    "Asia/Ho_Chi_Minh": ("VN",), "America/Sao_Paulo": ("BR", "BR-SP", "BR-RJ"), "Pacific/Kiritimati": ("DE",),
    "Pacific/Pago_Pago": ("BD",),
}  # fmt: skip
PURPOSES = (
    "due_soon", "gentle_reminder", "plan_offer", "plan_offer", "leeway_note", "options_offer", "help_call", "lesson", "survey", "offer",
    "first_notice", "arrears_notice", "debit_notice", "adverse_action_notice", "welcome", "guarantor_notice", "firm_notice",
    "neutral_reminder", "documents_missing", "promise_confirmed", "hardship_check_in", "early_help", None,
)  # fmt: skip
HOLDS = (
    "hardship", "bereavement", "dispute", "complaint", "insolvency", "represented", "capacity", "already_paid",
    "wrong_number", "identity_theft", "time_barred", "disaster", "abuse", "minor", "asked_for_quiet", "danger",
)  # fmt: skip
CLASSES = ("reminder", "collection", "help", "lesson", "survey", "offer", "status", "all", "duty")
STEPS = (
    "interested", "started", "received", "document_received", "documents_missing", "under_review", "approved",
    "declined", "disbursed", "withdrawn", "lost_in_the_post",
)  # fmt: skip
PERIODS = (20 * HOUR, DAY, 7 * DAY, 30 * DAY, 180 * DAY, 400 * DAY)
"""The periods of the caps, of a half-year and of our memory: contacts lie on their edges."""

DEPENDS_ON = {"contacts": ("responses", "contact_topics")}
"""Rows of these tables belong to rows of that one."""

WISHES = {
    "channels": ("sms", "email,app", "call", "letter, email", "whatsapp", "none"),
    "hours": ("morning", "evening", "8-10", "22-24", "0-24", "whenever", "9-8", "7-7", "8|12"),
    "quiet_days": ("sat,sun", "monday, friday", "mon,tue,wed,thu,fri,sat,sun", "never", "su|n"),
    "rhythm": ("weekly", "monthly"),
    "do_not_study": ("yes", "yes", "no"),
    "no_calls": ("yes", "no"),
    "letters_only": ("yes", "no"),
    "shared_phone": ("yes", "no"),
    "large_print": ("yes",),
    "always_remind": ("yes", "no"),
    "touched_by_disaster": ("yes", "no"),
}
