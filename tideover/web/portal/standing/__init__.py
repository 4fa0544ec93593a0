"""Where I stand: next payment, paid, left, costs, the whole schedule."""
