"""Where editors choose how the public pages look (A11)."""
