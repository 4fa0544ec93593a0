"""The words of a contact: whole and kind, or refused with what they lack."""

from dataclasses import replace

import pytest

from tests.engine.message.letters import CODE, GIVEN, NOTHING, SENDER, TERMS, WHERE, message, told
from tests.engine.message.situations import day
from tideover.engine.message import About, Incomplete, NoSuchMessage, Sender, UnknownSender, UnknownValue
from tideover.engine.message.template import body_of


def test_a_reminder_says_who_writes_how_much_when_and_one_next_step(templates):
    made = message("due_soon", "sms", templates)

    assert made.text.startswith("Kindly Lending: your payment of €120.50 is due on Monday 9 March. ")
    assert (made.segments.encoding, made.segments.parts) == ("GSM-7", 1)


def test_a_mail_opens_with_the_name_and_closes_with_a_person_and_how_to_check(templates):
    text = message("due_soon", "email", templates).text

    assert text.startswith("Hello Anna,\n\n")
    assert "Pay now: https://kindly.example/pa7Q2M" in text
    assert "Call +371 6700 0000. A person answers: Monday to Friday, 9 to 18." in text
    assert f"This message has the code {CODE}." in text
    assert "It has no attachment. We never ask for a password, a code or card details." in text


@pytest.mark.parametrize("channel", ["sms", "email", "app", "letter"])
def test_every_channel_that_is_read_carries_the_code_and_asks_for_none(templates, channel):
    text = message("gentle_reminder", channel, templates).text

    assert CODE in text
    assert "never ask for a password, a code" in text or "no codes asked" in text


def test_what_is_unknown_makes_it_say_something_else(templates):
    made = message("due_soon", "email", templates, given={}, values=NOTHING)

    assert made.text.startswith("Hello,\n\nYour next payment is coming.\n\n")
    assert made.subject == "Your next payment"


def test_a_notification_shows_nothing_but_what_anyone_may_see(templates):
    made = message("firm_notice", "push", templates)

    assert made.text == made.preview
    assert "120" not in made.subject + made.text


def test_a_name_that_gives_it_away_is_not_said_in_public(templates):
    sender = replace(SENDER, public_name="")

    made = message("due_soon", "email", templates, sender=sender)

    assert made.preview == "A short word from us, and how to pay or choose another day."
    assert message("due_soon", "email", templates).preview.startswith("A short word from Kindly, ")


def test_a_text_that_would_take_two_parts_is_said_shorter(templates):
    long_links = dict.fromkeys(WHERE, f"https://a-long-name-of-a-lender.example/{'x' * 40}")

    made = message("due_soon", "sms", templates, links=long_links)

    assert made.segments.parts == 1
    assert "€120.50" in made.text
    assert "https" not in made.text


def test_where_no_link_may_be_sent_a_number_takes_its_place(templates):
    made = message("due_soon", "email", templates, links={})

    assert made.action is None
    assert "example" not in made.text
    assert "To pay or to ask: +371 6700 0000" in message("due_soon", "sms", templates, links={}).text


def test_what_a_person_may_refuse_says_how(templates):
    assert "Reply STOP" in message("lesson", "email", templates, links={}).text
    assert message("lesson", "sms", templates).text.endswith("Stop: reply STOP")
    silent = replace(SENDER, stop_word="")
    assert message("lesson", "sms", templates, sender=silent, links={}).text.endswith(
        "Stop: call +371 6700 0000"
    )


@pytest.mark.parametrize("channel", ["letter", "app"])
def test_where_no_word_can_be_sent_back_nobody_is_told_to_send_one(templates, channel):
    assert "STOP" not in message("lesson", channel, templates, links={}).text
    assert "Call +371 6700 0000 and tell us" in message("lesson", channel, templates, links={}).text


@pytest.mark.parametrize("purpose", ["payment_received", "arrears_notice", "approved", "reply"])
def test_what_a_person_is_owed_offers_no_way_to_stop_it(templates, purpose):
    assert "STOP" not in message(purpose, "email", templates).text
    assert "STOP" not in message(purpose, "sms", templates).text


def test_where_a_rule_asks_for_it_even_a_duty_says_how_to_stop(templates):
    about = About(GIVEN, required=("opt_out",))

    assert "STOP" in message("arrears_notice", "email", templates, about=about).text


def test_a_block_that_a_rule_demands_is_carried_once(templates):
    known = {**GIVEN, "claim_vat": "None is charged."}
    about = About(known, required=("claim_client", "claim_vat"))

    text = message("claim_letter", "letter", templates, about=about).text

    assert text.count("We write for: Kindly Lending, Brivibas 1, Riga") == 1
    assert "About VAT: None is charged." in text


def test_a_block_that_cannot_be_filled_stops_the_message(templates):
    about = About(GIVEN, required=("claim_vat", "claim_costs", "a_new_block"))

    with pytest.raises(Incomplete) as refused:
        message("claim_letter", "letter", templates, about=about)

    assert refused.value.missing == ("claim_vat", "claim_costs", "a_new_block")
    assert "claim_costs" in str(refused.value)


def test_a_notice_without_its_figures_is_refused(templates):
    with pytest.raises(Incomplete) as refused:
        message("default_notice", "letter", templates, given={}, values=NOTHING)

    assert set(refused.value.missing) == {"overdue", "oldest_overdue_on", "act_by_on", "what_follows"}


def test_a_subject_that_would_tell_others_is_refused(templates):
    due = templates.messages["due_soon", "en"]
    head = due.head.model_copy(update={"subject": ("Your loan is overdue",)})
    careless = replace(templates, messages={("due_soon", "en"): replace(due, head=head)})

    with pytest.raises(Incomplete, match="a subject that tells others nothing"):
        message("due_soon", "email", careless)


def test_the_picture_of_somebody_late_shows_what_is_open_as_the_next_step(templates):
    made = message("gentle_reminder", "email", templates).picture

    assert made.next == "Next: €120.50, open now"
    assert made.alt == "5 of 12 steps are done. The next is €120.50, which is open now."


def test_a_message_without_a_code_is_refused(templates):
    from tideover.engine.message import compose

    with pytest.raises(Incomplete, match="code"):
        compose(told("due_soon"), channel="sms", sender=SENDER, code=" ", links={}, templates=templates)


def test_an_approval_carries_all_the_terms_or_is_refused(templates):
    assert "All costs as a rate a year (APR): 21.99%" in message("approved", "email", templates).text
    for terms in (None, replace(TERMS, charges=None), replace(TERMS, total=112_051)):
        with pytest.raises(Incomplete):
            message("approved", "email", templates, about=About(GIVEN, terms=terms))


def test_terms_without_a_fee_say_so(templates):
    about = About(GIVEN, terms=replace(TERMS, fees=()))

    text = message("approved", "email", templates, about=about).text

    assert "There are no fees." in text
    assert "A late payment costs you nothing extra." in text


def test_one_contact_tells_all_its_topics(templates):
    further = replace(told("due_soon"), values={**NOTHING, "currency": "EUR", "next_due_amount": 9_900,
                                               "next_due_on": day("2026-03-13"), "timezone": "Europe/Riga"})  # fmt: skip
    about = About(GIVEN, topics=(further, told("lesson", values=NOTHING)))

    text = message("due_soon", "email", templates, about=about).text

    assert "- Your payment of €99.00 is due on Friday 13 March." in text
    assert "- There is news on another matter of yours." in text
    assert "2 more matters are in your account." in message("due_soon", "sms", templates, about=about).text


def test_the_picture_is_seen_only_inside(templates):
    inside = message("due_soon", "email", templates).picture

    assert (inside.done, inside.all, inside.title) == (5, 12, "Anna, this is how far you have come")
    assert inside.alt == "5 of 12 steps are done. The next is €120.50, on Monday 9 March."
    assert [message("due_soon", it, templates).picture for it in ("sms", "push", "letter")] == [None] * 3
    assert message("firm_notice", "email", templates).picture is None


@pytest.mark.parametrize(("done", "all_", "steps"), [(0, 6, (0, 6)), (30, 60, (6, 12)), (59, 60, (11, 12))])
def test_a_long_loan_is_drawn_in_twelve_steps(templates, done, all_, steps):
    made = message("due_soon", "app", templates, given={"paid_count": done, "all_count": all_}).picture

    assert (made.done, made.all) == steps


@pytest.mark.parametrize("counts", [{}, {"paid_count": 6, "all_count": 6}, {"paid_count": 7, "all_count": 6}])
def test_without_a_way_ahead_there_is_no_picture(templates, counts):
    assert message("due_soon", "email", templates, given=counts).picture is None


@pytest.mark.parametrize(
    "name", ["pay at evil.example", "https://evil.example", "Anna {x}", "07-11", "a" * 60]
)
def test_what_is_no_name_is_not_said_as_one(templates, name):
    assert message("due_soon", "email", templates, given={"first_name": name}).text.startswith("Hello,\n")


@pytest.mark.parametrize("name", ["Anna", "Jean-Luc", "O'Neil", "Nguyễn Văn", "রহিমা", "می‌نا"])
def test_names_of_every_script_are_said(templates, name):
    assert name in message("due_soon", "email", templates, given={"first_name": name}).blocks[0].text


def test_an_agent_reads_what_to_say_and_what_not(templates):
    made = message("help_call", "call", templates)

    assert made.text == made.spoken
    assert made.text.startswith("Hello, this is Kindly Lending.")
    assert (
        "You can offer: choosing another day to pay and paying in two parts. Say what each one costs and means."
        in made.may_say
    )
    assert any("threat" in line for line in made.must_not_say)


def test_what_a_person_says_is_not_sent(templates):
    with pytest.raises(NoSuchMessage, match="is what a person says"):
        message("help_call", "sms", templates)


def test_a_purpose_nobody_wrote_words_for_is_refused(templates):
    with pytest.raises(NoSuchMessage, match="lenders_own"):
        message("lenders_own", "email", templates)


def test_a_language_without_words_is_told_in_english_and_says_so(templates):
    made = message("due_soon", "email", templates, told=told("due_soon", language="sw"))

    assert made.language == "en"
    assert made.blocks[0].text == templates.words.languages["en"].sentences.other_language


def test_a_value_or_a_link_under_another_name_is_refused(templates):
    with pytest.raises(UnknownValue, match="Did you mean 'first_name'"):
        message("due_soon", "email", templates, given={"firstname": "Anna"})
    with pytest.raises(UnknownValue, match="promis"):
        message("due_soon", "email", templates, links={"promis": "https://kindly.example"})


def test_a_lender_without_a_name_or_a_number_sends_nothing():
    with pytest.raises(UnknownSender, match="name and phone"):
        Sender(" ", "")


def test_the_same_words_have_the_same_hash_and_others_another(templates):
    one, two = message("due_soon", "email", templates), message("due_soon", "sms", templates, given={})

    assert one.template_hash == two.template_hash
    assert one.template_hash != message("gentle_reminder", "email", templates).template_hash


def test_that_times_are_hard_is_said_back_only_to_whom_said_so(templates):
    quiet = message("hardship_check_in", "email", templates).text
    said = told("hardship_check_in", values={**NOTHING, "own_holds": "hardship"})

    assert "You told us" not in quiet
    assert (
        "You told us that times are hard." in message("hardship_check_in", "email", templates, told=said).text
    )


def test_an_amount_or_a_name_is_unknown_in_public_whatever_a_template_asks(templates):
    due = templates.messages["due_soon", "en"]
    head = due.head.model_copy(update={"subject": ("{next_due_amount}", "For {first_name}", "A short word")})
    careless = replace(templates, messages={("due_soon", "en"): replace(due, head=head)})

    assert message("due_soon", "email", careless).subject == "A short word"


def test_a_heading_with_nothing_to_say_under_it_is_left_out(templates):
    due = templates.messages["due_soon", "en"]
    body, _ = body_of(
        "First.\n\n## Who\n{officer}\n|\n\n## When\n{debit_on}\n|\n\n## How\nSo.", 1, "due_soon"
    )
    sparse = replace(templates, messages={("due_soon", "en"): replace(due, body=body)})

    blocks = message("due_soon", "email", sparse, given={}).blocks

    assert [block.text for block in blocks] == ["Hello,", "First.", "How", "So."]
