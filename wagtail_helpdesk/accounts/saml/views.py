"""The five addresses of a provider that speaks SAML.

A provider that is off, or was never there, is not found at any of them. Whatever is
sent, the answer is a page in words: what was wrong goes to the log as one word.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.utils import respond_to_login_on_get
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from wagtail_helpdesk.access.saml_addresses import ACS, FINISH, SLS
from wagtail_helpdesk.access.sso import own_path
from wagtail_helpdesk.access.used_assertions import use_once
from wagtail_helpdesk.accounts.saml.config import (
    own_address,
    public_id_of,
    saml_settings,
)
from wagtail_helpdesk.accounts.saml.handover import hand_over, take
from wagtail_helpdesk.accounts.saml.provider import CompanySAMLProvider
from wagtail_helpdesk.accounts.saml.refusals import RefusedError, told
from wagtail_helpdesk.accounts.saml.sign_out import (
    REMEMBERED,
    is_about,
    parameters_of,
    read_answer,
)
from wagtail_helpdesk.accounts.saml.statements import Statement, read_response
from wagtail_helpdesk.accounts.sso_refusals import refusal
from wagtail_helpdesk.models import IdentityProvider


@method_decorator([login_not_required, never_cache], name="dispatch")
class CompanyView(View):
    """A view of one provider."""

    http_method_names = ["get", "head"]
    provider: CompanySAMLProvider
    row: IdentityProvider

    def dispatch(
        self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any
    ) -> HttpResponseBase:
        """Find the provider; answer in words what is not taken.

        Args:
            request: The request.
            args: None.
            slug: allauth's name of the provider.
            kwargs: None.

        Raises:
            Http404: There is none that is on.
        """
        self._find(slug)
        try:
            return super().dispatch(request, *args, **kwargs)
        except RefusedError as error:
            text = told(error.word, str(self.row))
            return refusal(request, self.row, error.word, text, status=error.status)

    def _find(self, slug: str) -> None:
        try:
            # By the adapter: with another one than ours, whose rules would not hold,
            # there is no such provider.
            provider = get_adapter().get_provider(self.request, slug)
        except SocialApp.DoesNotExist as error:
            raise Http404("No such provider") from error
        if not isinstance(provider, CompanySAMLProvider):
            raise Http404("No such provider")
        self.provider = provider
        self.row = get_object_or_404(
            IdentityProvider, public_id=public_id_of(provider.app)
        )

    def own(self, name: str) -> str:
        """One of our absolute addresses.

        Args:
            name: Of the URL pattern.
        """
        return own_address(self.request, self.provider.app, name)


class LoginView(CompanyView):
    """Leads to the company's server; asks before, if somebody only followed a link."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> Any:
        return respond_to_login_on_get(request, self.provider) or self.post(request)

    def post(self, request: HttpRequest) -> Any:
        return self.provider.redirect_from_request(request)


@method_decorator(
    [csrf_exempt, sensitive_post_parameters("SAMLResponse")], name="dispatch"
)
class ACSView(CompanyView):
    """Takes what the company's server lets a browser post here.

    Nobody is signed in yet: the browser sends no session along with it.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.POST.getlist("SAMLResponse")
        if len(sent) != 1:
            raise RefusedError("damaged", HTTPStatus.BAD_REQUEST)
        settings = saml_settings(request, self.provider.app)
        statement = read_response(settings, self.own(ACS), str(sent[0]))
        path = own_path(FINISH, self.row.public_id)
        brought = {"provider": self.row.public_id, "statement": statement.as_dict()}
        return hand_over(path, brought)


class FinishView(CompanyView):
    """Signs in whoever asked for what was taken."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> Any:
        brought = take(request)
        if brought is None or brought.get("provider") != self.row.public_id:
            raise RefusedError("lost", HTTPStatus.BAD_REQUEST)
        statement = Statement(**brought["statement"])
        try:
            state = self.provider.unstash_redirect_state(
                request, statement.in_response_to
            )
        except PermissionDenied as error:
            raise RefusedError("unasked") from error
        if not use_once(self.row, statement.assertion_id, statement.forgotten_at):
            raise RefusedError("used")
        login = self.provider.sociallogin_from_response(request, statement)
        login.state = {**state, REMEMBERED: statement.session}
        return complete_social_login(request, login)


class SLSView(CompanyView):
    """Signing out: the company's server asks for it, or answers that it did."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        parameters = parameters_of(request)
        # allauth's own answer: ours would lead a person who is signed in to the
        # company's server, to sign them out there.
        adapter = get_account_adapter(request)
        home = DefaultAccountAdapter.get_logout_redirect_url(adapter, request)
        if "SAMLResponse" in parameters:
            read_answer(parameters)
            return HttpResponseRedirect(home)
        mine, answer = is_about(
            request, self.provider.app, self.row, parameters, self.own(SLS)
        )
        if mine:
            adapter.logout(request)
        return HttpResponseRedirect(answer or home)


class MetadataView(CompanyView):
    """What the company's administrator gives their server to read of us."""

    def get(self, request: HttpRequest) -> HttpResponse:
        settings = saml_settings(request, self.provider.app)
        return HttpResponse(
            settings.get_sp_metadata(), content_type="application/samlmetadata+xml"
        )
