"""django-helpdesk 2.6.1, as its documentation sets it up, loaded with the same data.

Runs in its own virtual environment; imports nothing of ours but ``benchmarks``.
"""
