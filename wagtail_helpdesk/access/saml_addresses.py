"""Where a SAML server of a company finds us: addresses it is told once."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from wagtail_helpdesk.access.sso import app_id

METADATA, ACS, SLS = "helpdesk_saml_metadata", "helpdesk_saml_acs", "helpdesk_saml_sls"
FINISH, LOGIN = "helpdesk_saml_finish", "helpdesk_saml_login"


def own_path(name: str, public_id: str) -> str:
    """The path of one of our addresses, the same in every language of the site.

    A company's server knows one address, not one for each language that the site
    speaks.

    Args:
        name: Of the URL pattern, one of those above.
        public_id: The provider's.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(name, args=[app_id(public_id)])
