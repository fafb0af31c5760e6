"""How the public pages look on one site: colours, corners, font, logo (B31 to B33)."""
