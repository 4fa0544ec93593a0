"""Bank statements read, matched to loans with the reason shown; what is unmatched waits for a person."""
