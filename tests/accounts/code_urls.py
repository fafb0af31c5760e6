"""The example site of somebody who lets people sign in by code."""

from allauth.account import views
from django.urls import path

from example_site.urls import urlpatterns as site_patterns

urlpatterns = [
    # allauth adds it where ``ACCOUNT_LOGIN_BY_CODE_ENABLED`` is set from the start.
    path(
        "accounts/login/code/",
        views.request_login_code,
        name="account_request_login_code",
    ),
    *site_patterns,
]
