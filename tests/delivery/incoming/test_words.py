"""What people write back, in ten languages: certain only when it is nothing else; a stop in doubt is a stop."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.delivery.incoming.answers_written import CERTAIN, DANGEROUS, IN_DOUBT
from tideover.delivery.incoming import classify
from tideover.delivery.incoming.phrases import KINDS, SHIPPED, UnclearAnswers, read_phrases
from tideover.delivery.incoming.words import grave

LANGUAGES = ("en", "bn", "lv", "vi", "fa", "de", "hi", "pt", "ru", "es")


def test_ten_languages_have_every_answer():
    assert set(read_phrases()) == set(LANGUAGES)
    assert len(CERTAIN) + len(IN_DOUBT) + len(DANGEROUS) >= 150
    assert {kind for _, _, kind in CERTAIN} == set(KINDS)


@pytest.mark.parametrize(("language", "text", "kind"), CERTAIN)
def test_a_plain_answer_is_understood(language, text, kind):
    answer = classify(text, language)

    assert (answer.kind, answer.certain, answer.danger) == (kind, True, False)


@pytest.mark.parametrize(("language", "text", "kind"), IN_DOUBT)
def test_in_doubt_a_person_reads(language, text, kind):
    answer = classify(text, language)

    assert (answer.kind, answer.certain) == (kind, False)


@pytest.mark.parametrize(("language", "text"), DANGEROUS)
def test_danger_reaches_a_person_at_once_and_nothing_is_done_by_itself(language, text):
    answer = classify(text, language)

    assert (answer.danger, answer.certain) == (True, False)


def phrases_of(kind):
    return [
        (language, phrase)
        for language, known in read_phrases().items()
        for phrase, it in known.whole.items()
        if it == kind
    ]


DRESSED = {
    "upper case": str.upper,
    "full width": lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
    "an exclamation mark": lambda text: text + "!!",
    "quotation marks": lambda text: f"«{text}».",
    "a trailing joiner": lambda text: text + "\u200d",
    "a leading mark of direction": lambda text: "\u200f" + text,
    "a byte-order mark": lambda text: "\ufeff" + text,
    "spaces and a line": lambda text: f"  {text}\n",
    "a variation selector": lambda text: text + "\ufe0f",
}


@pytest.mark.parametrize("dress", DRESSED)
def test_every_stop_is_a_stop_however_it_is_typed(dress):
    ambiguous = {phrase for known in read_phrases().values() for phrase in known.ambiguous}
    missed = [
        (language, phrase)
        for language, phrase in phrases_of("stop")
        if phrase not in ambiguous
        and not (
            answer := classify(DRESSED[dress](phrase), language),
            answer.kind == "stop" and answer.certain,
        )[1]
    ]

    assert missed == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_phrase_means_what_it_stands_under(kind):
    for language, phrase in phrases_of(kind):
        assert classify(phrase, language).kind in (kind, "stop"), (language, phrase)


def test_an_arabic_keyboard_writes_persian_too():
    for phrase in ("نمي توانم پرداخت كنم", "كمك", "لغو كنيد"):
        assert classify(phrase, "fa").certain


def test_digits_of_every_script_answer_a_question():
    for digit in ("1", "১", "۱", "١", "१", "１", "1️⃣", " 1. "):
        assert classify(digit, "en").kind == "yes_to_date"


@pytest.mark.parametrize("language", [*LANGUAGES, "xx", "pt-BR", ""])
def test_stop_is_understood_whatever_the_persons_language(language):
    assert classify("STOP", language).certain
    assert classify("বন্ধ", language).kind == "stop"


@pytest.mark.parametrize(
    "text", ["", " ", "\u200d", "...", "👍", "a" * 100_000, "\x00", "\ud800", "((((" * 500, "\u0300" * 9_000]
)
def test_what_says_nothing_goes_to_a_person(text):
    assert classify(text, "en").kind == "unclear"


LONG = "I lost my job and my rent is due. " * 1_700


@pytest.mark.parametrize(
    ("end", "what"),
    [
        ("I want to end my life.", "danger"),
        ("My husband died.", "death"),
        ("Please stop texting me.", "stop"),
    ],
)
def test_a_danger_a_death_and_a_stop_are_found_at_the_end_of_a_long_mail(end, what):
    answer = classify(LONG + end, "en")

    assert answer.danger == (what == "danger")
    assert what == "danger" or what in {answer.kind, *answer.also}
    assert what in grave(LONG + end)


@pytest.mark.parametrize(
    "one", [LONG, "a " * 30_000, "\u0300" * 60_000, "please thanks " * 4_000, "می " * 20_000]
)
def test_long_words_are_read_in_about_a_second(one):
    began = process_time()

    grave(one)

    assert process_time() - began < 4  # of which it needs a part


PHRASES = sorted({
    it for known in read_phrases().values() for it in (*known.whole, *known.dangers, *known.ambiguous, *known.harmless)
})  # fmt: skip


@given(st.lists(st.sampled_from([*PHRASES, "hello", "para", "please"]), min_size=1, max_size=4))
def test_what_is_grave_in_one_language_is_grave(words):
    means = [classify(" ".join(words), language) for language in read_phrases()]
    said = {kind for it in means for kind in (it.kind, *it.also)} | {"danger" for it in means if it.danger}

    assert grave(" ".join(words)) == said & {"danger", "death", "stop"}


def test_a_file_that_cannot_be_used_is_refused_with_all_that_is_wrong(tmp_path):
    text = (SHIPPED / "en.yaml").read_text("utf-8")
    (tmp_path / "en.yaml").write_text(
        text.replace("death:", "gone:").replace("paid: [paid,", "paid: [stop,"), "utf-8"
    )

    with pytest.raises(UnclearAnswers) as refused:
        read_phrases(tmp_path)

    told = str(refused.value)
    assert "'gone' is not one of" in told
    assert "'death' has no phrases" in told
    assert "'stop' stands under" in told
