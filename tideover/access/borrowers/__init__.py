"""Borrowers who sign in: codes, passkeys, sessions, a second look before money and addresses change."""
