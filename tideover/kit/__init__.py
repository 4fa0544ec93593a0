"""What all else stands on: money, days, calendars, phone numbers, text, ids. Imports none of ours."""
