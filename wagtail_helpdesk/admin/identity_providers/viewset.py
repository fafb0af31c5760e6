"""Identity providers in the settings: a kind is chosen, then its form filled in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views import generic

from wagtail_helpdesk.access.sso import protocols
from wagtail_helpdesk.admin.settings_viewset import SettingViewSet
from wagtail_helpdesk.models import IdentityProvider

Protocol = IdentityProvider.Protocol

#: Dotted paths, since each form needs packages that a site may do without.
FORMS = {
    Protocol.OPENID_CONNECT: (
        "wagtail_helpdesk.admin.identity_providers.openid_connect_form"
        ".OpenIDConnectForm"
    ),
    Protocol.SAML: "wagtail_helpdesk.admin.identity_providers.saml_form.SAMLForm",
    Protocol.JWT: (
        "wagtail_helpdesk.admin.identity_providers.jwt_form.SignedTokenForm"
    ),
}
#: What helps to choose.
ADVICE = {
    Protocol.OPENID_CONNECT: gettext_lazy(
        "The choice for new set-ups: Microsoft Entra ID, Okta, Google Workspace, "
        "Keycloak and many others."
    ),
    Protocol.SAML: gettext_lazy(
        "For companies whose sign-in speaks no OpenID Connect, such as ADFS and "
        "Shibboleth."
    ),
    Protocol.JWT: gettext_lazy(
        "For companies with an application of their own that already signs its people "
        "in by a token."
    ),
}


def _form_class(protocol: str) -> type[forms.ModelForm]:
    if protocol not in protocols() or protocol not in FORMS:
        # An old row whose packages are gone, or an address that somebody made up.
        raise Http404("This kind of sign-in is not installed")
    return cast("type[forms.ModelForm]", import_string(FORMS[Protocol(protocol)]))


class AddView(generic.CreateView):
    """Without a kind: which one is it? With one: its form."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "protocol" in self.kwargs:
            answer: HttpResponse = super().get(request, *args, **kwargs)
            return answer
        kinds = [
            {
                "url": reverse("helpdesk_identityprovider:add_kind", args=[protocol]),
                "label": protocol.label,
                "advice": ADVICE[protocol],
            }
            for protocol in protocols()
            if protocol in FORMS
        ]
        if len(kinds) == 1:
            return HttpResponseRedirect(str(kinds[0]["url"]))
        title = _("Add an identity provider")
        return render(
            request,
            "wagtail_helpdesk/admin/identity_provider_kinds.html",
            {
                "kinds": kinds,
                "page_title": title,
                "header_title": title,
                "header_icon": "key",
                "breadcrumbs_items": [
                    {
                        "url": reverse("helpdesk_identityprovider:index"),
                        "label": _("Identity providers"),
                    },
                    {"url": "", "label": title},
                ],
            },
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "protocol" not in self.kwargs:
            return self.get(request, *args, **kwargs)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_form_class(self) -> type[forms.ModelForm]:
        return _form_class(self.kwargs["protocol"])

    def get_add_url(self) -> str:
        protocol = self.kwargs["protocol"]
        return reverse("helpdesk_identityprovider:add_kind", args=[protocol])

    def get_success_url(self) -> str:
        return _next_page(self) or super().get_success_url()


class EditView(generic.EditView):
    """The form of the provider's own kind, and what that has to say beside."""

    def get_form_class(self) -> type[forms.ModelForm]:
        return _form_class(self.object.protocol)

    def get_template_names(self) -> list[str]:
        names: list[str] = super().get_template_names()
        own = getattr(self.get_form_class(), "template_name_of_edit", None)
        # Wagtail 8 sends parts of a page that saves itself.
        partials = [getattr(self, "partials_template_name", "")]
        return [own, *names] if own and names != partials else names

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if hasattr(self.form, "extra_context"):
            context |= self.form.extra_context(self.request)
        return context

    def get_success_url(self) -> str:
        return _next_page(self) or super().get_success_url()


def _next_page(view: Any) -> str:
    """Where a form goes on that has something to show; an empty text: nowhere."""
    url: str = getattr(view.form, "after_save", lambda request: "")(view.request)
    return url


class IdentityProviderViewSet(SettingViewSet):
    model = IdentityProvider
    name = "helpdesk_identityprovider"
    url_prefix = "helpdesk/identity-providers"
    icon = "key"
    add_view_class = AddView
    edit_view_class = EditView
    # The views choose among the forms; this only keeps one from being made.
    form_class = forms.ModelForm
    list_display = ["name", "protocol", "server_url", "is_active"]

    def get_urlpatterns(self) -> list[URLPattern]:
        kinds = path("new/<slug:protocol>/", self.add_view, name="add_kind")
        return [*super().get_urlpatterns(), kinds]
