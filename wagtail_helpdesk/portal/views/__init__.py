"""What the routes of a portal page answer: parse, one query or one action, render."""
