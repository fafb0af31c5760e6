"""Statements that are put together by the ORM once and sent often.

Django takes longer to put a query together than the database takes to answer it: half a
millisecond of a page's processor time for each. The pages that everybody opens keep the
texts of their statements for each database connection; the values stay apart from them
and are given each time. What a statement may show is decided where it is built, by the
same querysets as anywhere else.

* ``slots``: a query with places for values, whose rows are plain tuples.
* ``together``: several such queries in one round trip.
* ``querysets``: a whole queryset, with instances and what they prefetch.

Whatever changes the text belongs into the key under which it is kept: the language, how
many inboxes there are, whether a filter is set. Use them for the few pages that are
asked all day; a plain queryset is right everywhere else.
"""
