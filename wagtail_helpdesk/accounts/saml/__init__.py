"""SAML 2.0: sign-in for companies whose servers speak no OpenID Connect (B54).

An app of its own, to be put among the ``INSTALLED_APPS`` of a site that wants it; it
needs the extra ``saml``. allauth mounts its addresses with its own. Only sign-ins that
began here are taken, each once.
"""
