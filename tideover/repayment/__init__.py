"""The money side of a loan: what is owed and paid, by which way, when it is promised, and what helps when it is short."""
