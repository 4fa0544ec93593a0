"""Money, days, calendars, phone numbers, text and ids."""
