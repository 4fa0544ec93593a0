"""How far an application is, and what it needs."""
