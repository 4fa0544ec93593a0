"""What holds for every message, whatever was decided and known."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.message.letters import ALL, CODE, GIVEN, SENDER, TERMS, WHERE, told
from tideover.engine.message import (
    MESSAGE_LANGUAGES,
    About,
    Incomplete,
    Sender,
    compose,
    mail_html,
    read_templates,
)
from tideover.engine.message.placeholders import PLACEHOLDERS, Kind
from tideover.engine.message.plain import unkind_words

TEMPLATES = read_templates()
PURPOSES = sorted({purpose for purpose, _ in TEMPLATES.messages})
LISTS = TEMPLATES.words.lists
SENT = [it for it in PURPOSES if LISTS.purposes[it].by == "message"]
YEAR = re.compile(r"\b(19|20|21)\d\d\b")
LEAK = re.compile(r"[{}]|\bNone\b|\bwhen_|\b[a-z]+_[a-z_]+\b|  ")

NAMES = ["Anna", "রহিমা", "evil.example", "Debt Collector", "Overdue Loan", "", "  ", "\u202eannA", "x" * 80]
TEXTS = ["a loan", "debt of 120", "court", "🙂", "", "a\tb\nc"]
numbers = st.one_of(st.none(), st.integers(-10, 400), st.integers(0, 2**45), st.integers(20_000, 21_500))
values = st.fixed_dictionaries(
    {
        **{
            name: numbers for name in ALL if name not in ("timezone", "currency", "own_holds", "jurisdiction")
        },
        "currency": st.sampled_from([None, "EUR", "VND", "KWD", "IRR", "XXQ", "BDT"]),
        "timezone": st.sampled_from([None, "Europe/Riga", "Asia/Tehran", "Nowhere/None"]),
        "own_holds": st.sampled_from([None, "", "hardship", "hardship,abuse"]),
    }
)
OF_KIND = {
    Kind.TEXT: st.sampled_from(NAMES + TEXTS),
    Kind.PROSE: st.sampled_from(TEXTS),
    Kind.LIST: st.lists(st.sampled_from(TEXTS), max_size=3).map(tuple),
}
given_values = st.fixed_dictionaries(
    {}, optional={name: OF_KIND.get(PLACEHOLDERS[name].kind, numbers) for name in GIVEN}
)
senders = st.builds(
    Sender,
    name=st.sampled_from(["Kindly Bank", "Debt Recovery & Loans", "Ātrais Kredīts", "بانک مهر", "Late!"]),
    phone=st.just(SENDER.phone),
    hours=st.sampled_from(["", "9 to 18"]),
    web=st.sampled_from(["", "kindly.example"]),
    public_name=st.sampled_from(["", "Kindly", "Loans Now"]),
    stop_word=st.sampled_from(["", "STOP"]),
)
links = st.lists(st.sampled_from(sorted(WHERE)), unique=True).map(
    lambda it: {name: WHERE[name] for name in it}
)
channels = st.sampled_from(["sms", "email", "app", "push", "letter"])


def made(purpose, channel, known, extra, sender, where, tone="warm"):
    try:
        return compose(
            told(purpose, values=known, tone=tone), channel=channel, sender=sender, code=CODE, links=where,
            templates=TEMPLATES, about=About(extra, topics=(told("due_soon", values=known),), terms=TERMS),
        )  # fmt: skip
    except Incomplete:
        return None


@settings(max_examples=200)
@given(
    st.sampled_from(SENT), channels, values, given_values, senders, links, st.sampled_from(["warm", "firm"])
)
def test_no_value_leaks_and_nothing_unknown_leaves_a_hole(
    purpose, channel, known, extra, sender, where, tone
):
    message = made(purpose, channel, known, extra, sender, where, tone)
    if message is None:
        return

    texts = [message.subject, message.preview, message.text, message.spoken]
    assert all(texts)
    assert not [found for text in texts if (found := LEAK.search(text))]
    assert all(line.strip() for block in (*message.blocks, *message.closing) for line in block.lines)
    assert CODE in message.text


@settings(max_examples=200)
@given(st.sampled_from(SENT), channels, values, given_values, senders, links)
def test_nobody_nearby_learns_what_it_is_about(purpose, channel, known, extra, sender, where):
    message = made(purpose, channel, known, extra, sender, where)
    if message is None:
        return

    words = TEMPLATES.words.languages[message.language]
    seen = [message.subject, message.preview, *([message.text] if channel == "push" else [])]
    for text in seen:
        assert unkind_words(text, (*words.never, *words.public_never)) == ()
        assert not re.search(r"[€$₫]|\d{3}|Anna|EUR", YEAR.sub("", text))


@settings(max_examples=60)
@given(st.sampled_from(SENT), values, given_values, senders, links)
def test_every_message_can_be_a_mail(purpose, known, extra, sender, where):
    message = made(purpose, "email", known, extra, sender, where)
    if message is None:
        return

    html = mail_html(message)

    assert CODE in html
    assert "<img" not in html
    assert html.rstrip().endswith("</html>")


def test_the_same_is_told_for_the_same():
    one = made("due_soon", "email", ALL, GIVEN, SENDER, WHERE)

    assert one == made("due_soon", "email", ALL, GIVEN, SENDER, WHERE)
    assert MESSAGE_LANGUAGES[0] == one.language
