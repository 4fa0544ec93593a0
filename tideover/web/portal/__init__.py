"""What a link in a message opens: a few answers, one press each, and a person to talk to."""
