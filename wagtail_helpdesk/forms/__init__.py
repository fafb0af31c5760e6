"""The form engine behind the support-form block.

``fields`` has the registry of field types, ``builder`` turns a ``SupportForm`` into a
Django form for one visitor, ``spam`` keeps robots out, ``submission`` files the ticket
and ``serving`` answers the POST inside the page's privacy check.
"""
