"""What is learned over many people, and only from outside a decision: published tables, off-policy estimates, effects."""
