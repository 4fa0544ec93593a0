"""HTML made of values: whatever is not HTML already is escaped, so that no name in a book or strategy becomes markup."""

from __future__ import annotations

from html import escape

VOID = {"meta", "link", "br", "hr", "col", "img"}


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


Child = str | int | None


def element(tag: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """An element. `class_` is class; an attribute that is None or False is left out, True stands alone."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    return Html(f"<{tag}{written}>" if tag in VOID else f"<{tag}{written}>{joined(*children)}</{tag}>")


def joined(*children: Child) -> Html:
    """Children one after the other; nothing for None."""
    return Html(
        "".join(one if isinstance(one, Html) else escape(str(one)) for one in children if one is not None)
    )


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{quoted(str(value))}"'


def quoted(text: str) -> str:
    """Text as it may stand between the quotes of an attribute."""
    return escape(text, quote=True)
