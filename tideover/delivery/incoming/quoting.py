"""What of a mail its writer wrote, and what may be our own words that came back below it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html import unescape

MOST_OF_A_LINE = 400
"""Longer ones introduce nothing."""
_TAG = re.compile(r"(<[^<>]*>)")
_IS_A_TAG = re.compile(r"<[a-z/!?]", re.IGNORECASE)
"""Whatever else stands behind a "<" is shown."""
_SILENT = frozenset({"script", "style", "title", "blockquote"})
_ENDS_A_LINE = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_BOXES = frozenset({"div", "span", "section", "table"})
_QUOTES = ("gmail_quote", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote")
_A_MOMENT = re.compile(r"@|\d{1,2}:\d\d|\b(19|20|13|14)\d\d\b")
_BY_MAIL = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_FROM = frozenset(unicodedata.normalize("NFC", it) for it in (
    "from", "von", "de", "da", "van", "od", "от", "від", "no", "nuo", "från", "fra", "saatja", "lähettäjä", "từ",
    "người gửi", "از", "فرستنده", "من", "প্রেরক", "হতে", "থেকে", "प्रेषक", "से", "द्वारा", "发件人", "寄件者", "差出人",
    "보낸 사람", "kimden", "dari",
))  # fmt: skip
_BESIDE_FROM = frozenset(unicodedata.normalize("NFC", it) for it in (
    "sent", "date", "to", "cc", "subject", "reply-to", "gesendet", "datum", "an", "betreff", "envoyé", "à", "objet",
    "enviado", "enviado el", "enviada em", "enviado em", "fecha", "data", "para", "asunto", "assunto", "inviato",
    "oggetto", "verzonden", "aan", "onderwerp", "wysłano", "do", "temat", "отправлено", "дата", "кому", "тема",
    "nosūtīts", "kam", "datums", "tēma", "temats", "išsiųsta", "skickat", "till", "ämne", "sendt", "til", "emne",
    "saadetud", "lähetetty", "đã gửi", "gửi", "ngày gửi", "ngày", "đến", "tới", "chủ đề", "tiêu đề", "ارسال شده",
    "ارسال", "تاریخ", "به", "موضوع", "تاريخ", "إلى", "الموضوع", "পাঠানো হয়েছে", "প্রেরিত", "তারিখ", "প্রতি",
    "প্রাপক", "বিষয়", "भेजा गया", "दिनांक", "तारीख", "प्रति", "विषय", "发送时间", "收件人", "主题", "送信日時", "宛先", "件名",
    "보낸 날짜", "받는 사람", "제목",
))  # fmt: skip
"""How mailboxes head a mail that they put below an answer."""
_SENT = {
    "sent": "from", "date": "from", "gesendet": "von", "datum": "von", "envoyé": "de", "enviado": "de", "fecha": "de",
    "inviato": "da", "data": "da",
}  # fmt: skip
"""What some of them put above who wrote it."""
_ORIGINAL = (
    "original m", "original e", "originalnachricht", "ursprüngliche n", "weitergeleitet", "message d'origine",
    "message transféré", "mensaje original", "mensaje reenviado", "mensagem original", "mensagem encaminhada",
    "исходное сообщ", "пересылаемое", "oriģināl", "pārsūtīt", "thư gốc", "tin nhắn gốc", "thư đã chuyển",
    "thư được chuyển", "پیام اصلی", "پیام بازارسال", "মূল বার্তা", "মূল ইমেল", "ফরোয়ার্ড", "मूल संदेश", "अग्रेषित",
    "forwarded m", "原始邮件", "转发", "元のメッセージ", "messaggio originale", "oorspronkelijk", "wiadomość oryginalna",
)  # fmt: skip
_EDGES = " \t*\u00a0\u200e\u200f\u202a\u202b\u202c"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text."""

    own: str = field(default="", repr=False)
    below: str = field(default="", repr=False)
    """What stands where most have nothing but our mail come back: some write there too."""
    quoted: str = field(default="", repr=False)
    """The lines that are marked as quoted."""

    def __add__(self, other: Words) -> Words:
        pairs = ((self.own, other.own), (self.below, other.below), (self.quoted, other.quoted))
        return Words(*(_joined(*pair) for pair in pairs))

    @property
    def everything(self) -> str:
        """Whoever wrote it."""
        return _joined(self.own, self.below, self.quoted)

    def all_below(self) -> Words:
        """None of it for certain the writer's."""
        return Words("", _joined(self.own, self.below), self.quoted)


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def unquoted(text: str) -> Words:
    """Without the lines that are marked as quoted, up to where a mailbox puts the mail that is answered, and what is below."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    quoted: list[str] = []
    own = None
    for line, following in zip(lines, _followed_by(lines), strict=True):
        if _quotes(line) or (_introduces(line) and _quotes(following)):
            quoted.append(line)
            continue
        if own is None and _ends(line, following):
            own, kept = kept, []
        kept.append(line)
    first, below = (kept, []) if own is None else (own, kept)
    return Words("\n".join(first).strip(), "\n".join(below).strip(), "\n".join(quoted))


def said_in(page: str) -> str:
    """The words of a page without what is not shown or quoted; in one pass, however it is broken."""
    words: list[str] = []
    inside, depth = "", 0
    for place, piece in enumerate(_TAG.split(page)):
        if not place % 2 or not _IS_A_TAG.match(piece):
            words.append("" if inside else piece)
            continue
        tag = piece[1:40].split(maxsplit=1)[0].rstrip("/>").lower()
        name = tag.lstrip("/")
        if not inside and tag == name and _is_silent(name, piece):
            inside = name
        if name == inside:
            depth += -1 if tag.startswith("/") else 1
            inside = inside if depth else ""
        if name in _ENDS_A_LINE:
            words.append("\n")
    return unescape("".join(words))


def _is_silent(name: str, tag: str) -> bool:
    return name in _SILENT or (name in _BOXES and any(mark in tag for mark in _QUOTES))


def _followed_by(lines: list[str]) -> list[str]:
    """For each line the next one that is not empty."""
    found, following = [], ""
    for line in reversed(lines):
        found.append(following)
        following = line if line.strip() else following
    return found[::-1]


def _introduces(line: str) -> bool:
    return len(line) < MOST_OF_A_LINE and line.rstrip().endswith((":", "：")) and bool(_A_MOMENT.search(line))


def _ends(line: str, following: str) -> bool:
    """A signature, a rule above the mail that is answered, or how that mail is headed or introduced."""
    if line == "-- ":
        return True
    bare = line.strip()
    if len(bare) >= 2 and bare[:2] == bare[-2:] and bare[:2] in ("--", "__"):
        inner = bare.strip("-_ \t").casefold()
        return inner.startswith(_ORIGINAL) or _heading(following) in _FROM
    return _heads(line, following) or (_introduces(line) and bool(_BY_MAIL.search(line)))


def newest_of(below: str) -> str:
    """Of what stands below the first of the mails that are answered what stands above the next: that one was read when it came."""
    lines = below.split("\n")
    heads = [
        place for place, pair in enumerate(zip(lines, _followed_by(lines), strict=True)) if _heads(*pair)
    ]
    return "\n".join(lines[: heads[1]] if len(heads) > 1 else lines)


def _heads(line: str, following: str) -> bool:
    name, beside = _heading(line), _heading(following)
    return (name in _FROM and beside in _BESIDE_FROM) or (name in _SENT and beside == _SENT[name])


def _heading(line: str) -> str:
    name, colon, _ = line[:60].replace("：", ":").partition(":")
    return unicodedata.normalize("NFC", name).strip(_EDGES).casefold() if colon else ""


def _quotes(line: str) -> bool:
    return line.lstrip().startswith((">", "＞"))
