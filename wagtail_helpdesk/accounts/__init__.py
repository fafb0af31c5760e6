"""Accounts on django-allauth: the adapter, the side doors, claiming tickets."""
