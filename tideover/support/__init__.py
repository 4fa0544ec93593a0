"""Work for people: cases with an owner and a date, calls and visits to make, answers to give."""
