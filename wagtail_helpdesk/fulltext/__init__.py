"""Full text in whatever database the site has, behind one small interface.

``words`` makes the same words out of a text for every database; ``fields`` stores them
and finds rows by them; ``postgresql``, ``sqlite`` and ``mysql`` say how each does it.
"""
