"""Made-up windows, wishes and people's places for Hypothesis and seeded samples."""

from hypothesis import strategies as st

from tests.kit.calendars.moves import FIRST, LAST
from tideover.kit.calendars import Signature, Window, zone_names

ZONES = sorted(zone_names())
# Where clocks do odd things: half an hour, at midnight, two hours, quarter-hour offsets, Ramadan.
ODD = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/Santiago",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
]

edges = st.integers(0, 96).map(lambda quarter: quarter * 15)
zones = st.one_of(st.sampled_from(ODD), st.sampled_from(ZONES))
moments = st.integers(FIRST * 86_400, LAST * 86_400)


@st.composite
def intervals(draw):
    """Open and close minute; the close may lie before the open: past midnight."""
    opens, closes = draw(st.tuples(edges, edges).filter(lambda pair: pair[0] % 1440 != pair[1] % 1440))
    return opens % 1440, closes


windows = st.one_of(
    st.lists(intervals(), max_size=3).map(lambda every: Window.daily(*every)),
    st.dictionaries(st.integers(0, 6), st.lists(intervals(), max_size=3), max_size=7).map(Window.of),
)


@st.composite
def signatures(draw, days, *, most_zones=3):
    return Signature(
        id=draw(st.text(min_size=1, max_size=3)),
        window=draw(windows),
        zones=tuple(draw(st.lists(zones, min_size=1, max_size=most_zones, unique=True))),
        blocked_days=draw(st.frozensets(days, max_size=3)),
        wish=draw(st.none() | windows),
    )
