"""Passkeys: keys that never leave a phone, a computer or a stick."""
