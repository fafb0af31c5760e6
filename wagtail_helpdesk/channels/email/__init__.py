"""The e-mail channel: addresses, message ids, and the mails that go out."""
