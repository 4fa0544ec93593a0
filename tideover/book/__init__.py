"""The lender's book as rows: people, loans, payments, consents, every version of each fact, and how they come in."""
