"""A message as an e-mail: one column that reads well on a phone, light and dark, in either direction.

No picture from elsewhere, no font from the net, nothing that tells us whether it was opened. Most messages have one of a
few shapes, so the page around the words is made once for each shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

import mrml

from tideover.engine.message.composed import Action, Block, Message, Picture
from tideover.kit.text import Direction

FONTS = {
    "bn": "'Noto Sans Bengali', 'Bangla Sangam MN', 'Nirmala UI', system-ui, sans-serif",
    "fa": "Vazirmatn, 'Noto Naskh Arabic', 'Geeza Pro', Tahoma, 'Segoe UI', sans-serif",
}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
LINE_HEIGHT = {"bn": "1.7", "fa": "1.8"}

INK, QUIET, PAPER, CARD, ACTION, LINE = "#22302f", "#56625f", "#f6f3ec", "#fffdf8", "#0d5c63", "#8a9a97"
DARK_INK, DARK_QUIET, DARK_PAPER, DARK_CARD, DARK_ACTION = (
    "#ece8df",
    "#b9c2bf",
    "#16201f",
    "#1e2a29",
    "#8fd3cd",
)

Put = Callable[[str], str]
"""Takes a text of the message, and gives the mark of its place on the page."""

_PLACE = re.compile(r"\[\[([0-9]+)\]\]")

STYLE = f"""
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
.rows td, .path td {{ padding: 0; }}
@media (prefers-color-scheme: dark) {{
  body, .paper, .paper > table {{ background: {DARK_PAPER} !important; background-color: {DARK_PAPER} !important; }}
  .card, .card > table {{ background: {DARK_CARD} !important; background-color: {DARK_CARD} !important; }}
  .ink div, .ink td, .ink li, .ink h2 {{ color: {DARK_INK} !important; }}
  .quiet div {{ color: {DARK_QUIET} !important; }}
  .button td, .button a {{ background: {DARK_ACTION} !important; color: {DARK_PAPER} !important; }}
  .done {{ background: {DARK_ACTION} !important; border-color: {DARK_ACTION} !important; }}
  .next {{ border-color: {DARK_ACTION} !important; }}
}}
"""


def mail_html(message: Message) -> str:
    """The HTML part of an e-mail. `message.text` is its plain part."""
    said: list[str] = []

    def put(text: str) -> str:
        """Where this text will stand; nothing stands where there is none."""
        if not text:
            return ""
        said.append(escape(text))
        return f"[[{len(said) - 1}]]"

    first, *rest = _page(_mjml(message, put))
    return first + "".join(
        said[int(number)] + around for number, around in zip(rest[::2], rest[1::2], strict=True)
    )


@lru_cache(maxsize=512)
def _page(mjml: str) -> tuple[str, ...]:
    """The page of a shape in parts: what stands around the texts, and between them their numbers."""
    # Without this MJML fetches web fonts by the names it knows in a list of system fonts.
    options = mrml.RenderOptions(fonts={})
    return tuple(_PLACE.split(str(mrml.to_html(mjml, render_options=options).content)))


def _mjml(message: Message, put: Put) -> str:
    font, height = FONTS.get(message.language, FONT), LINE_HEIGHT.get(message.language, "1.5")
    start = "right" if message.direction == "rtl" else "left"
    head = (
        f"<mj-title>{put(message.subject)}</mj-title><mj-preview>{put(message.preview)}</mj-preview>"
        f'<mj-attributes><mj-all font-family="{font}" />'
        f'<mj-text font-size="17px" line-height="{height}" color="{INK}" align="{start}" padding="8px 20px" />'
        f'<mj-button font-size="17px" background-color="{ACTION}" color="#ffffff" border-radius="8px" '
        f'inner-padding="14px 24px" padding="12px 20px" width="100%" line-height="1.3" /></mj-attributes>'
        '<mj-raw><meta name="color-scheme" content="light dark" />'
        '<meta name="supported-color-schemes" content="light dark" /></mj-raw>'
        f"<mj-style>{STYLE}</mj-style>"
    )
    return (
        f'<mjml lang="{message.language}" dir="{message.direction}"><mj-head>{head}</mj-head>'
        f'<mj-body background-color="{PAPER}" css-class="paper">{_sections(message, put)}</mj-body></mjml>'
    )


def _sections(message: Message, put: Put) -> str:
    way = message.direction
    picture = [_text(_picture(message.picture, way, put), "ink")] if message.picture else []
    button = [_button(message.action, put)] if message.action else []
    first, rest = message.opening[:1], message.opening[1:]
    card = [
        *_blocks(first, way, put),
        *picture,
        *_blocks(rest, way, put),
        *button,
        *_blocks(message.further, way, put),
    ]
    name = _text(f'<div dir="{way}" style="font-weight:600">{put(message.sender)}</div>', "ink")
    return (
        _section([name], way, "paper")
        + _section(card, way, "card", CARD)
        + _section(_blocks(message.closing, way, put, small=True), way, "paper quiet")
    )


def _section(parts: list[str], way: Direction, css: str, background: str = PAPER) -> str:
    return (
        f'<mj-section direction="{way}" background-color="{background}" css-class="{css}" padding="12px 0">'
        f'<mj-column direction="{way}">{"".join(parts)}</mj-column></mj-section>'
    )


def _text(html: str, css: str) -> str:
    return f'<mj-text css-class="{css}">{html}</mj-text>'


def _blocks(blocks: tuple[Block, ...], way: Direction, put: Put, *, small: bool = False) -> list[str]:
    return [_text(_block(block, way, put, small=small), "quiet" if small else "ink") for block in blocks]


def _block(block: Block, way: Direction, put: Put, *, small: bool) -> str:
    look = f"font-size:14px;color:{QUIET};" if small else ""
    if block.kind == "rows":
        return _rows(block.lines, way, put)
    lines = [put(line) for line in block.lines]
    if block.kind == "heading":
        return f'<h2 dir="{way}" style="margin:8px 0 0;font-size:{14 if small else 21}px;line-height:1.3">{lines[0]}</h2>'
    if block.kind == "list":
        side = "right" if way == "rtl" else "left"
        items = "".join(f'<li style="margin:0 0 8px">{line}</li>' for line in lines)
        return f'<ul dir="{way}" style="margin:0;padding:0;padding-{side}:20px;{look}">{items}</ul>'
    return f'<div dir="{way}" style="{look}">{"<br />".join(lines)}</div>'


def _rows(lines: tuple[str, ...], way: Direction, put: Put) -> str:
    end = "left" if way == "rtl" else "right"
    cells = (line.partition("\t") for line in lines)
    rows = "".join(
        f'<tr><td style="padding:6px 0;border-bottom:1px solid {LINE}">{put(label)}</td>'
        f'<td style="padding:6px 0;border-bottom:1px solid {LINE};text-align:{end};white-space:nowrap">{put(value)}</td></tr>'
        for label, _, value in cells
    )
    return f'<table class="rows" dir="{way}" width="100%" style="border-collapse:collapse">{rows}</table>'


def _button(action: Action, put: Put) -> str:
    return f'<mj-button href="{put(action.link)}" css-class="button">{put(action.label)}</mj-button>'


def _picture(picture: Picture, way: Direction, put: Put) -> str:
    """Steps as cells of a table, for mail shows no SVG: full ones are done, the ring is next; grey tells them apart."""
    cells = "".join(_cell(step, picture) for step in range(picture.all))
    title = f'<div dir="{way}" style="font-weight:600">{put(picture.title)}</div>'
    path = (
        f'<table class="path" role="img" aria-label="{put(picture.alt)}" dir="{way}" width="100%" '
        f'style="border-collapse:separate;border-spacing:3px 0;table-layout:fixed;margin:8px -3px"><tr>{cells}</tr></table>'
    )
    words = "".join(f'<div dir="{way}">{put(line)}</div>' for line in (picture.says, picture.next) if line)
    return title + path + words


def _cell(step: int, picture: Picture) -> str:
    if step < picture.done:
        css, look = "done", f"background:{ACTION};border:2px solid {ACTION}"
    elif step == picture.done:
        css, look = "next", f"border:2px solid {ACTION}"
    else:
        css, look = "ahead", f"border:2px dotted {LINE}"
    height = 20 if step == picture.done else 12
    return (
        f'<td style="vertical-align:middle"><div class="{css}" style="{look};height:{height}px;border-radius:6px;'
        f'font-size:1px;line-height:1px">&#8203;</div></td>'
    )
