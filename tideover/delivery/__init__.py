"""From a decision to a message that has left, and what came back: outbox, channels, receipts, answers."""
