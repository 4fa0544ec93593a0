"""Calendars against a slow, obvious reading of the clock."""
