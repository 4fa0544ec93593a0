"""What the shipped strategy would have done on real books, beside how people really repaid."""
