"""The local mailbox of a demo: each message as the borrower would see it, with why it was sent beside it."""
