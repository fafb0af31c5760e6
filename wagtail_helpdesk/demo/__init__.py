"""Histories to show and to measure with: tickets that look as if years had passed.

This package is the one exception to "every write goes through an action": actions know
no time but now, and a hundred thousand tickets one by one would take an hour. What it
writes is what the actions would have written; ``tests/demo/test_history.py`` holds the
two against each other.
"""
