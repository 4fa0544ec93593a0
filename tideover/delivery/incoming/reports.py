"""Bounces: reports in the form of RFC 3464, and the many that are only told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parseaddr

from flufl.bounce import all_failures

from tideover.delivery.channels.contract import RejectedKind
from tideover.delivery.channels.email.replies import rejected_kind, status_in
from tideover.delivery.incoming.mail_text import MOST_OF_A_HEADER, header, readable

_ADDRESS = re.compile(r"[\w.+'=~#%&/-]+@[\w-]+(?:\.[\w-]+)*", re.UNICODE)
_DAEMON = re.compile(
    r"mailer-?daemon|post_?master|mail delivery (sub)?system|^mdaemon|^mmdf|microsoft ?outlook|^symantec|^bounce",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|undelivrable|delivery (status )?(notification|report|failure|has failed|unsuccess|problem)|"
    r"returned (mail|to sender)|failure notice|mail delivery (failed|failure|system|error)|non-?delivery|nondeliver|"
    r"could not (be )?(send|deliver)|failed mail|mail (system )?error|message status|delayed mail|warning: could not|"
    r"unzustellbar|no entregad|não entreg|nao entreg|недостав|не доставлен|배달|配信|エラー|退信|rejected|blocked by|"
    r"mail failure|failure delivery|unable to deliver|delivery error|message you sent|undelivered|message \S+ delayed|error sending",
    re.IGNORECASE,
)
_SMTP_CODE = re.compile(r"(?<![\d.])([45])\d\d[ \-](?=[^\d])")
_PASSES = re.compile(
    r"will (be )?(retry|retried|keep trying|continue)|not need to re|delayed|warning message|try again later|"
    r"temporar(y|ily)|greylist|deferred",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
STATUS = "application/delivery-status"
"""As `read_mail` calls it."""
_NOT_A_FAILURE = frozenset({"delivered", "relayed", "expanded", "deliverable"})


@dataclass(frozen=True, slots=True)
class Failed:
    """One address that a message did not reach."""

    address: str = field(repr=False)
    """Empty where the report does not say; then it is the address our message went to."""
    kind: RejectedKind
    permanent: bool
    """No further attempt with the same message will fare better."""
    status: str = ""
    said: str = field(default="", repr=False)


def failures(mail: Message) -> tuple[Failed, ...]:
    """What did not arrive, as far as the mail says; nothing for a mail that is no bounce."""
    told = list(_reports(mail))
    if told:
        return tuple(_from_report(it) for it in told if it.get("action", "").lower() not in _NOT_A_FAILURE)
    if not _looks_like_one(mail):
        return ()
    late, gone = all_failures(mail)
    words = readable(mail)
    if late or gone:
        known = [(it, False) for it in late - gone] + [(it, True) for it in gone]
        return tuple(_in_words(_text(address), words, lasting=lasting) for address, lasting in sorted(known))
    return (_in_words(_first_address(words, mail), words, lasting=True),)


def was_delivered(mail: Message) -> bool:
    """A report that all went well."""
    told = [it.get("action", "").lower() for it in _reports(mail)]
    return bool(told) and all(it in _NOT_A_FAILURE for it in told)


def _reports(mail: Message) -> Iterator[dict[str, str]]:
    """The fields of each recipient in a delivery-status part, however that part was mangled on the way."""
    for part in mail.walk():
        if part.get_content_type() != STATUS:
            continue
        for block in re.split(r"\n\s*\n", _written(part).replace("\r\n", "\n")):
            fields = {
                name.lower(): " ".join(value.split())[:MOST_OF_A_HEADER]
                for name, value in _FIELD.findall(block)
            }
            if "final-recipient" in fields or "original-recipient" in fields or "action" in fields:
                yield fields


def _written(part: Message) -> str:
    written = part.get_payload(decode=True)
    return written.decode("utf-8", "replace") if isinstance(written, bytes) else ""


def _from_report(told: dict[str, str]) -> Failed:
    address = told.get("final-recipient") or told.get("original-recipient", "")
    said = told.get("diagnostic-code", "")
    code = _SMTP_CODE.search(said)
    # A diagnostic is the remote side's own word; a status is often the default of a server in between.
    own, remote = status_in(told.get("status", "")), status_in(said)
    status = remote if remote and own[1:] in ("", ".0.0") else own or remote
    temporary = (
        told.get("action", "").lower() == "delayed"
        or status.startswith("4")
        or (not status and code and code[1] == "4")
    )
    kind = rejected_kind(status, said, int(said[code.start() : code.start() + 3]) if code else 0)
    return Failed(
        _bare(address), kind, permanent=not temporary and kind != "full", status=status, said=said[:500]
    )


def _looks_like_one(mail: Message) -> bool:
    sender = header(mail, "from")
    from_daemon = bool(_DAEMON.search(sender) or _DAEMON.search(parseaddr(sender)[1]))
    returned = str(mail.get("return-path", "")).strip() == "<>"
    speaks = bool(_SUBJECT.search(header(mail, "subject")))
    is_report = mail.get_param("report-type") == "delivery-status" or bool(mail.get("x-failed-recipients"))
    return is_report or (from_daemon and not _says_away(mail)) or (speaks and returned)


def _says_away(mail: Message) -> bool:
    return header(mail, "auto-submitted").lower().startswith("auto-replied") and not _SUBJECT.search(
        header(mail, "subject")
    )


def _in_words(address: str, words: str, *, lasting: bool) -> Failed:
    before = words[:4_000]
    status, code = status_in(before), _SMTP_CODE.search(before)
    first = status[:1] or (code[1] if code else "")
    permanent = first == "5" or (first != "4" and lasting and not _PASSES.search(before[:1_500]))
    kind = rejected_kind(status, before, int(before[code.start() : code.start() + 3]) if code else 0)
    return Failed(
        address,
        kind,
        permanent=permanent and kind != "full",
        status=status,
        said=" ".join(before[:300].split()),
    )


def _bare(field_value: str) -> str:
    found = _ADDRESS.search(field_value.rpartition(";")[2])
    return found.group() if found else ""


def _first_address(words: str, mail: Message) -> str:
    ours = {_bare(header(mail, "to")), parseaddr(header(mail, "from"))[1], ""}
    return next(
        (
            it
            for it in _ADDRESS.findall(header(mail, "x-failed-recipients") + " " + words[:4_000])
            if it not in ours
        ),
        "",
    )


def _text(address: bytes | str) -> str:
    return address.decode("utf-8", "replace") if isinstance(address, bytes) else address
