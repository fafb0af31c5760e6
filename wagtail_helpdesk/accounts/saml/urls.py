"""The addresses of SAML; allauth mounts them beside its own."""

from __future__ import annotations

from django.urls import include, re_path

from wagtail_helpdesk.access.saml_addresses import ACS, FINISH, LOGIN, METADATA, SLS
from wagtail_helpdesk.accounts.saml import views

urlpatterns = [
    re_path(
        r"^sso/saml/(?P<slug>hd-[0-9A-Za-z]+)/",
        include(
            [
                re_path(r"^login/$", views.LoginView.as_view(), name=LOGIN),
                re_path(r"^acs/$", views.ACSView.as_view(), name=ACS),
                re_path(r"^acs/finish/$", views.FinishView.as_view(), name=FINISH),
                re_path(r"^sls/$", views.SLSView.as_view(), name=SLS),
                re_path(r"^metadata/$", views.MetadataView.as_view(), name=METADATA),
            ]
        ),
    )
]
