"""The help desk: the example site as it runs in production, loaded with the data."""
