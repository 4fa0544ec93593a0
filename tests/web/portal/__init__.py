"""Pages of a borrower."""
