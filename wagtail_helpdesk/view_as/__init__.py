"""Looking at the site as a contact sees it: read-only, with a banner, audited (N8)."""
