"""The door for other systems: facts in, decisions and messages out, webhooks when something happened."""
