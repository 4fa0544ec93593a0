"""ICU patterns: read before they are said, so that nothing missing is ever printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.engine.message import BadPattern, arguments, spoken
from tideover.engine.message.patterns import build, readings

PLAIN = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="{}'#|<"), max_size=20)
NAMES = st.sampled_from(["overdue", "days", "on", "name"])
PIECES = st.lists(st.one_of(PLAIN, NAMES.map(lambda name: f"{{{name}}}")), max_size=8)


def test_every_argument_is_found_in_branches_too():
    pattern = "{days, plural, one {# day for {name}} other {{basis, select, law {by {act}} other {us}}}} {on, date, ::EEEEd}"

    assert arguments(pattern) == {"days", "name", "basis", "act", "on"}


def test_a_missing_value_is_an_error_and_not_a_brace():
    with pytest.raises(BadPattern, match="asks for amount"):
        spoken("You paid {amount}.", "en", {})


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("You paid {amount.", "not closed"),
        ("You paid amount}.", "too many"),
        ("{days, plural, one {a day}}", "refused by ICU"),
        ("{}", "cannot be read"),
        ("{days, plural, one {a day", "not closed"),
    ],
)
def test_a_pattern_that_cannot_be_said_is_refused_with_its_reason(pattern, says):
    with pytest.raises(BadPattern, match=says):
        build(pattern, "en")


def test_an_apostrophe_is_a_letter_unless_it_quotes_a_brace():
    assert spoken("It's {x}, isn''t it? '{x}'", "en", {"x": "so"}) == "It's so, isn't it? {x}"
    assert arguments("'{x}' and {y}") == {"y"}


def test_a_value_with_braces_is_only_text():
    assert spoken("Hello {x}.", "en", {"x": "{y} '{z}'"}) == "Hello {y} '{z}'."


def test_all_readings_of_a_sentence_are_known_for_checks():
    pattern = "{n, plural, one {One loan} other {# loans}} {basis, select, law {by law} other {by choice}}"

    assert set(readings(pattern)) == {
        "One loan by law",
        "One loan by choice",
        "12 loans by law",
        "12 loans by choice",
    }


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 dienu"), (1, "1 diena"), (2, "2 dienas"), (11, "11 dienu"), (21, "21 diena"), (30, "30 dienu")],
)
def test_latvian_has_a_form_for_zero_and_the_teens(count, said):
    pattern = "{n, plural, zero {# dienu} one {# diena} other {# dienas}}"

    assert spoken(pattern, "lv", {"n": count}) == said


@given(PIECES)
def test_what_is_said_is_the_pattern_with_its_values(pieces):
    pattern = "".join(pieces)
    values = {name: f"<{name}>" for name in ("overdue", "days", "on", "name")}

    expected = pattern
    for name, value in values.items():
        expected = expected.replace(f"{{{name}}}", value)
    assert spoken(pattern, "en", values) == expected
