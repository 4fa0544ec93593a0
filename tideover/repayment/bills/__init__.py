"""A bill for each instalment, and how she wants to get it."""
