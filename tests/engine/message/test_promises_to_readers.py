"""What holds for every explanation, whatever was decided and known."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.message.situations import KNOWN, LATE, ROW, SPOKEN
from tideover.engine.message import LANGUAGES, Told, explain, read_words

WORDS = read_words()
LISTS = WORDS.lists
HIDDEN = [code for code, it in LISTS.reasons.items() if it.audience != "borrower"]
BLOCKS = [
    *(c for c in LISTS.reasons if c.startswith("hold_")),
    "feed_stale",
    "closed_until_use_by",
    *WORDS.rules,
    "lenders_own_rule",
]
CHANNELS = [*LISTS.channels, "carrier_pigeon"]
CODE = re.compile(r"[a-z]+_[a-z_]+|@|\{|\}|None|\b[0-9a-f]{12}\b")

blocks = st.lists(
    st.one_of(
        st.sampled_from(BLOCKS),
        st.builds(
            lambda code, channel: f"{code}@{channel}",
            st.sampled_from([*BLOCKS, *LISTS.reasons]),
            st.sampled_from(CHANNELS),
        ),
    ),
    max_size=5,
)
rows = st.fixed_dictionaries(
    {
        "treatment": st.sampled_from(["contact", "wait", "human", "none"]),
        "purpose": st.sampled_from([None, *LISTS.purposes, "lenders_own"]),
        "channel": st.sampled_from([None, *CHANNELS]),
        "step": st.sampled_from([None, "due", *WORDS.rules]),
        "policy": st.sampled_from([None, "duties", "before_due"]),
        "send_at": st.one_of(st.none(), st.integers(SPOKEN["send_at"], SPOKEN["send_at"] + 10**7)),
        "lesson": st.sampled_from([None, "credit_record", "lenders_own"]),
        "tone": st.sampled_from([None, "warm", "firm"]),
        "reasons": st.lists(st.sampled_from([*LISTS.reasons, "lenders_own"]), min_size=1, max_size=4).map(
            ",".join
        ),
        "blocked_by": blocks.map(",".join),
        "propensity": st.one_of(st.none(), st.integers(1, 10_000)),
    }
)
numbers = st.one_of(st.none(), st.integers(-5, 400), st.integers(0, 2**45))
holds = st.one_of(
    st.none(), st.lists(st.sampled_from(list(LISTS.holds)), max_size=2, unique=True).map(",".join)
)
values = st.fixed_dictionaries(
    {
        **{
            name: numbers
            for name in {**KNOWN, **LATE}
            if name not in ("timezone", "currency", "own_holds", "jurisdiction")
        },
        "currency": st.sampled_from([None, "EUR", "VND", "KWD", "IRR", "XXQ", "BDT"]),
        "timezone": st.sampled_from([None, "Europe/Riga", "Asia/Tehran", "Nowhere/None", "America/New_York"]),
        "own_holds": holds,
    }
)
offers = st.lists(st.sampled_from(["new_day", "plan", "talk", "lenders_own"]), max_size=3)
explained = st.builds(
    lambda row, known, offered: Told(
        {**ROW, **row}, ({"subject": "L1"}, {"subject": "L2"}), tuple(offered), known
    ),
    rows,
    values,
    offers,
)


def hidden_sentences(language: str) -> set[str]:
    """Sentences a borrower may never read: those that staff read of hidden reasons."""
    said = {text for it in WORDS.languages[language].reasons.values() for text in it.why}
    written = WORDS.staff[language].reasons
    return {written.get(code) or LISTS.reasons[code].says for code in HIDDEN} - said


NEVER = {language: hidden_sentences(language) for language in LANGUAGES}


@settings(max_examples=150)
@given(explained, st.sampled_from(LANGUAGES))
def test_a_borrower_reads_whole_sentences_and_no_code_or_restricted_reason(told, language):
    text = explain(told, audience="borrower", language=language, words=WORDS).text

    assert not CODE.search(text)
    assert not [sentence for sentence in NEVER[language] if sentence in text]
    assert "  " not in text


@settings(max_examples=150)
@given(explained, st.sampled_from(LANGUAGES))
def test_every_explanation_says_what_why_and_when_we_look_again(told, language):
    parts = explain(told, audience="borrower", language=language, words=WORDS).parts

    names = [part.name for part in parts]
    assert names == [name for name in ("what", "why", "blocked", "change", "next") if name in names]
    assert {"what", "why", "next"} <= set(names)
    assert all(line.text for part in parts for line in part.lines)


@settings(max_examples=100)
@given(explained, st.sampled_from(LANGUAGES))
def test_staff_read_every_code_of_the_row(told, language):
    text = explain(told, audience="staff", language=language, words=WORDS).text

    written = [*told.codes("reasons"), *(entry.partition("@")[0] for entry in told.codes("blocked_by"))]
    assert [code for code in written if code not in text] == []
    assert "{" not in text
