"""The content of the demo: the help desk of Northwind Devices, a company that is not.

The words are in ``content/``, one folder for each language; the modules beside it put
them into the database. ``manage.py load_demo`` runs them in order.
"""
