"""The addresses by which the SAML server of a company finds us, by their names."""

METADATA, ACS, SLS = "helpdesk_saml_metadata", "helpdesk_saml_acs", "helpdesk_saml_sls"
FINISH, LOGIN = "helpdesk_saml_finish", "helpdesk_saml_login"
