"""Identity providers in the admin: one form for each protocol."""
