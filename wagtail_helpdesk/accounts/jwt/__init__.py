"""Sign-in by a token that a company's own application signs (B54)."""
