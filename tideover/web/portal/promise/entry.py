"""A promise as an entry of a calendar (RFC 5545): a day, and not a word of money or debt."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from tideover.access.sealing import blind
from tideover.engine.message import PageWords
from tideover.repayment.promises.models import Promise

AT_NINE = timedelta(hours=9)
"""When her calendar may remind her, on her own clock."""


def calendar_entry(promise: Promise, words: PageWords) -> bytes:
    """The file. The same promise is always the same entry, so that it is never there twice."""
    us = settings.SENDER
    title = words.say("promise.entry", sender=us["public_name"] or us["name"])
    event = Event()
    event.add("uid", f"{blind(f'calendar:{promise.pk}')}@tideover")
    event.add("dtstamp", promise.made_at)
    event.add("dtstart", promise.on)
    event.add("dtend", promise.on + timedelta(days=1))
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", AT_NINE)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Tideover//reminder//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
