"""Shows the mails that the demo writes into a folder, at ``/demo/mail/``."""
