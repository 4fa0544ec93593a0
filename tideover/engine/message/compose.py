"""compose(decision): the message of one contact, whole and complete, or refused with what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tideover.engine.message.composed import Action, Block, Message, Picture
from tideover.engine.message.full_terms import FullTerms, terms_blocks
from tideover.engine.message.patterns import arguments
from tideover.engine.message.picture import picture_of
from tideover.engine.message.placeholders import plain_name
from tideover.engine.message.sender import Sender
from tideover.engine.message.sms import most_parts, plain_signs, segments_of
from tideover.engine.message.telling import Given, Letterhead, Telling
from tideover.engine.message.template import Piece, Template, Text
from tideover.engine.message.templates import Closing, Templates
from tideover.engine.message.told import Told
from tideover.kit.errors import Refused

OPT_OUT = "opt_out"
"""The block of words that says how to stop: part of the closing, whatever asks for it."""

TERMS = "terms"
ANSWERED_BY_WORD = ("email", "sms")
"""Channels in which a word sent back reaches us; in the others nobody is told to send one."""

SEEN_INSIDE = ("app", "email")
"""Channels whose inside only the person opens: a picture stands nowhere else."""


class NoSuchMessage(Refused):
    """The decision names a purpose that has no words."""


class Incomplete(Refused):
    """A message that would lack what it must carry is not sent. `missing` names every value and block."""

    def __init__(self, purpose: str, missing: Iterable[str]) -> None:
        self.missing = tuple(dict.fromkeys(missing))
        super().__init__(f"The message {purpose!r} is not sent: it lacks {', '.join(self.missing)}.")


@dataclass(frozen=True)
class About:
    """What is known beside the decision: values by placeholder, further topics, blocks that rules demand, full terms."""

    values: Given = field(default_factory=dict)
    topics: tuple[Told, ...] = ()
    required: tuple[str, ...] = ()
    terms: FullTerms | None = None


@dataclass(frozen=True)
class _Making:
    """One message on its way."""

    telling: Telling
    template: Template
    closing: Closing
    templates: Templates
    about: About
    channel: str

    @property
    def may_be_stopped(self) -> bool:
        """What a person is owed goes on; everything else she may end, and any message may have to say how."""
        lists = self.templates.words.lists
        of_class = lists.purposes[self.template.name].purpose_class
        return lists.classes[of_class].held_out == "allowed" or OPT_OUT in self.about.required

    def other_topics(self) -> list[Telling]:
        """What else the contact is about, each told with its own values."""
        return [
            Telling(topic, self.telling.words, self.telling.tag, head=self.telling.head, given={})
            for topic in self.about.topics
        ]


def compose(
    told: Told,
    *,
    channel: str,
    sender: Sender,
    code: str,
    links: Mapping[str, str],
    templates: Templates,
    about: About | None = None,
    language: str | None = None,
) -> Message:
    """The words of a decision's contact in one channel.

    `links` holds those that may be sent to this person by this channel; where one is missing the message says it
    without. Raises Incomplete where a value the purpose needs, a block a rule demands or the code is missing.
    """
    if channel not in ANSWERED_BY_WORD:
        sender = replace(sender, stop_word="")
    making = _making(
        told, channel, Letterhead(sender, code.strip(), links), templates, about or About(), language
    )
    telling, head = making.telling, making.template.head
    subject, preview = telling.public(head.subject), telling.public(head.preview)
    _refuse_incomplete(making, subject=subject, preview=preview)
    if channel == "push":  # nothing else of it is read before the page behind it, so the code stands on it
        preview = "\n".join(filter(None, (preview, telling.say(making.closing.head.check_short))))
    blocks = tuple(_body(making))
    closing = tuple(_closing_blocks(making))
    short, named = _short(making) if channel == "sms" else ("", frozenset[str]())
    message = Message(
        purpose=making.template.name,
        channel=channel,
        language=telling.tag,
        direction=telling.direction,
        sender=telling.fenced(sender.name),
        subject=subject,
        preview=preview,
        text=short,
        blocks=blocks,
        closing=closing,
        spoken=next(iter(telling.variants(head.spoken)), ""),
        code=telling.head.code,
        template_hash=templates.hash_of(making.template.name, telling.tag),
        action=_action(making),
        picture=_picture(making),
        segments=segments_of(short) if channel == "sms" else None,
        named=named,
        may_say=tuple(_each(telling, head.may_say)),
        must_not_say=tuple(_each(telling, head.must_not_say)),
    )
    return message if channel == "sms" else _with_text(message, templates)


def _making(
    told: Told, channel: str, head: Letterhead, templates: Templates, about: About, language: str | None
) -> _Making:
    purpose = told.text("message") or told.text("purpose")
    tag = templates.language(purpose, language or told.text("language"))
    template = templates.messages.get((purpose, tag))
    if template is None or tag not in templates.closings:
        raise NoSuchMessage(f"There are no words for {purpose!r}; write content/messages/{purpose}/en.md.")
    if not template.body and channel in templates.words.lists.channels_for("message"):
        raise NoSuchMessage(f"{purpose!r} is what a person says; it is not sent by {channel}.")
    telling = Telling(told, templates.words, tag, head=head, given=about.values)
    return _Making(telling, template, templates.closings[tag], templates, about, channel)


def _refuse_incomplete(making: _Making, *, subject: str, preview: str) -> None:
    telling, about = making.telling, making.about
    missing = ["code"] if not telling.head.code else []
    for name in making.template.head.needs:
        if name == TERMS:
            missing += [f"terms.{it}" for it in about.terms.missing] if about.terms else [TERMS]
        elif telling.value(name) is None:
            missing.append(name)
    missing += [code for code in about.required if code != OPT_OUT and not _rule_words(making, code)]
    head = making.template.head
    if head.subject and not subject:
        missing.append("a subject that tells others nothing")
    if head.preview and not preview:
        missing.append("a preview that tells others nothing")
    if missing:
        raise Incomplete(making.template.name, missing)


def _rule_words(making: _Making, code: str) -> str:
    texts = making.templates.rule_words.get(making.telling.tag, {}).get(code, ())
    return next(iter(making.telling.variants(texts)), "")


def _short(making: _Making) -> tuple[str, frozenset[str]]:
    """The first way to say it in as few parts as may be, and what it names. What others see of the contact is added."""
    telling = making.telling
    ending = " ".join(filter(None, _short_ending(making)))
    said = [(pattern, text) for pattern in making.template.head.short for text in telling.variants([pattern])]
    ways = [(plain_signs(f"{text}\n{ending}"), _named(pattern)) for pattern, text in said]
    if not ways:
        return plain_signs(ending), frozenset()
    # Where a long ending leaves no room, words are not saved that would cost no part more.
    most = max(most_parts(telling.tag), min(segments_of(text).parts for text, _ in ways))
    return next(it for it in ways if segments_of(it[0]).parts <= most)


def _named(pattern: str) -> frozenset[str]:
    return frozenset(map(plain_name, arguments(pattern)))


def _short_ending(making: _Making) -> Iterator[str]:
    telling, head = making.telling, making.closing.head
    count = len(making.about.topics)
    yield telling.say(head.also_short, count=count) if count else ""
    for code in making.about.required:
        if code != OPT_OUT:
            yield _rule_words(making, code)
    yield telling.say(head.check_short)
    yield next(iter(telling.variants(head.stop_short)), "") if making.may_be_stopped else ""


def _body(making: _Making) -> Iterator[Block]:
    """Greeting, the purpose's own words, further topics, blocks that rules demand, full terms."""
    telling, head = making.telling, making.closing.head
    words = making.templates.words
    asked = telling.told.text("language")
    if asked and not words.knows(asked):
        yield Block("paragraph", (telling.language.sentences.other_language,))
    yield Block("paragraph", (next(iter(telling.variants(head.greeting)), ""),))
    said = said_pieces(making.template.body, telling)
    yield from said
    if making.about.topics:
        yield Block("heading", (telling.say(head.also_heading),))
        yield Block("list", tuple(_also(making)))
    told = {line for block in said for line in block.lines}
    for text in (_rule_words(making, code) for code in making.about.required if code != OPT_OUT):
        if text not in told:
            yield Block("paragraph", (text,))
    if TERMS in making.template.head.needs and making.about.terms:
        yield from terms_blocks(making.about.terms, telling, head.terms)


def _also(making: _Making) -> Iterator[str]:
    """One line a further topic, in the words of its own purpose."""
    for topic in making.other_topics():
        purpose = topic.told.text("message") or topic.told.text("purpose")
        template = making.templates.messages.get((purpose, topic.tag))
        texts = template.head.also if template else ()
        yield next((said for said in topic.variants(texts) if said), topic.say(making.closing.head.also))


def _closing_blocks(making: _Making) -> Iterator[Block]:
    yield from said_pieces(making.closing.body, making.telling)
    if making.may_be_stopped:
        yield Block("paragraph", (next(iter(making.telling.variants(making.closing.head.stop)), ""),))


def said_pieces(pieces: Iterable[Piece], telling: Telling) -> list[Block]:
    """The pieces with their values; what cannot be said, and a heading with nothing under it, is left out."""
    blocks: list[Block] = []
    for piece in pieces:
        lines = tuple(line for text in piece.texts for line in _lines(text, telling))
        if lines:
            if piece.kind == "heading" and blocks and blocks[-1].kind == "heading":
                blocks.pop()
            blocks.append(Block(piece.kind, lines))
    if blocks and blocks[-1].kind == "heading":
        blocks.pop()
    return blocks


def _lines(text: Text, telling: Telling) -> list[str]:
    return next(iter(telling.variants(text.variants)), "").splitlines()


def _each(telling: Telling, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        said = telling.say(text)
        if said:
            yield said


def _action(making: _Making) -> Action | None:
    """The button, where its link may be sent."""
    action = making.template.head.action
    link = making.telling.head.links.get(action.do) if action else None
    return Action(action.do, making.telling.say(action.label), link) if action and link else None


def _picture(making: _Making) -> Picture | None:
    if making.channel not in SEEN_INSIDE or not making.template.head.picture:
        return None
    return picture_of(making.telling, making.closing.head.picture)


def _with_text(message: Message, templates: Templates) -> Message:
    """The plain text of every channel but SMS."""
    channel = templates.words.lists.channels.get(message.channel)
    if channel is not None and channel.spoken:
        text = message.spoken
    elif channel is not None and not channel.private:
        text = message.preview
    else:
        text = plain_text(message)
    return replace(message, text=text)


def plain_text(message: Message) -> str:
    """The long form without a look: the plain part of an e-mail, a letter, a message in the account."""
    picture = [message.picture.alt] if message.picture else []
    button = [f"{message.action.label}: {message.action.link}"] if message.action else []
    parts = [
        *(block.text for block in message.opening[:1]),
        *picture,
        *(block.text for block in message.opening[1:]),
        *button,
        *(block.text for block in (*message.further, *message.closing)),
    ]
    return "\n\n".join(parts)
