"""The engine: a decision is a pure function of facts at a moment."""
