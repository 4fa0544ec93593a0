"""Sealing as the book uses it; it lives one storey below, where secrets of staff are sealed too."""

from tideover.access.sealing import Unreadable, blind, key_id, opened, sealed

__all__ = ["Unreadable", "blind", "key_id", "opened", "sealed"]
