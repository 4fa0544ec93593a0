"""Coming in and going out, and whether a message is really ours."""
