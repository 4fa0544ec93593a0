"""A letter as a tagged PDF/UA: read aloud in its own language, in its own direction."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import typst

from tideover.delivery.channels.contract import Outgoing, Rejected
from tideover.kit.text import direction_of_text

# Words go in as data, never as markup, so that no sign in a name or a text means anything to the typesetter.
PAGE = """
#let it = json(bytes(sys.inputs.letter))
#set document(title: it.title)
#set page(paper: "a4", margin: (x: 25mm, top: 20mm, bottom: 25mm))
#set text(lang: it.lang, dir: if it.rtl { rtl } else { ltr }, size: 11pt, font: it.fonts, fallback: true)
#set par(leading: 0.75em, spacing: 1.1em)
#text(size: 9pt, it.sender)
#v(17mm)
#let way(rtl-line, words) = text(dir: if rtl-line { rtl } else { ltr }, words)
#block(height: 35mm, width: 100%, align(if it.rtl { right } else { left },
  for line in it.to { block(spacing: 0.5em, way(line.rtl, line.words)) }))
#heading(level: 1, outlined: false, text(size: 14pt, it.title))
#v(4mm)
#for part in it.parts { par(part.map(text).join(linebreak())) }
"""
FAMILIES = (
    "Noto Sans", "Noto Sans Arabic", "Noto Sans Bengali", "Noto Sans Devanagari", "Noto Sans Tamil", "Noto Sans Telugu",
    "Noto Sans Gujarati", "Noto Sans Gurmukhi", "Noto Sans Kannada", "Noto Sans Malayalam", "Noto Sans Sinhala",
    "Noto Sans Thai", "Noto Sans Khmer", "Noto Sans Myanmar", "Noto Sans Ethiopic", "Noto Sans Hebrew",
    "Noto Sans Armenian", "Noto Sans Georgian", "Libertinus Serif",
)  # fmt: skip
_ONE_AT_A_TIME = threading.Lock()


def pdf(outgoing: Outgoing, fonts: tuple[Path, ...]) -> bytes:
    """The letter. Raises Rejected when a letter shape is missing: nobody is sent empty boxes."""
    letter = {
        "title": outgoing.subject or outgoing.sender_name,
        "sender": outgoing.sender_name,
        # A house number in Latin letters stays before its street, also in a Persian letter.
        "to": [
            {"words": line, "rtl": (direction_of_text(line) or outgoing.direction) == "rtl"}
            for line in outgoing.to.splitlines()
            if line.strip()
        ],
        "parts": [part.split("\n") for part in _parts(outgoing.text)],
        "lang": outgoing.language.partition("-")[0],
        "rtl": outgoing.direction == "rtl",
    }
    return typeset(PAGE, letter, fonts)


def typeset(page: str, told: Mapping[str, object], fonts: tuple[Path, ...]) -> bytes:
    """A page of ours with what it tells, which it reads as `sys.inputs.letter`, `fonts` added. Raises Rejected."""
    compiler, families = _compiler(fonts)
    try:
        given = {"letter": json.dumps({**told, "fonts": families}, ensure_ascii=True)}
        with _ONE_AT_A_TIME:
            made = compiler.compile(
                page.encode(), format="pdf", pdf_standards=["ua-1"], sys_inputs=given, timestamp=0
            )
    except (typst.TypstError, UnicodeError) as error:
        raise Rejected("malformed", permanent=True, said=_why(error)) from None
    if not isinstance(made, bytes):
        raise Rejected("malformed", permanent=True, said="the typesetter gave no document")
    return made


@cache
def _compiler(fonts: tuple[Path, ...]) -> tuple[typst.Compiler, list[str]]:
    """One for the process: reading the fonts takes longer than fifty letters."""
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=list(map(str, fonts))
    )
    there = set(found.families())
    return typst.Compiler(font_paths=found), [it for it in FAMILIES if it in there]


def _parts(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return [part.strip("\n") for part in lines.split("\n\n") if part.strip()]


def _why(error: Exception) -> str:
    if "could not be displayed" in str(error):
        return (
            "a script has no letter shapes here: install fonts-noto-core or name a folder in TIDEOVER_FONTS"
        )
    return "the letter cannot be set"
