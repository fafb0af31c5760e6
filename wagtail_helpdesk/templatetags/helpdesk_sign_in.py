"""Template tags of the sign-in: companies' providers, and who registers."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.apps import apps
from django.http import HttpRequest
from django.template.context import Context

from wagtail_helpdesk.access.portal_entry import is_by_provider_only, sign_up_rule
from wagtail_helpdesk.access.sso import APP_PREFIX

register = template.Library()


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """A company's sign-in.

    Attributes:
        name: What stands on its button.
        url: Where it begins.
    """

    name: str
    url: str


@register.simple_tag(takes_context=True)
def hd_by_provider_only(context: Context) -> bool:
    """Whether this sign-in is for a portal into which only providers lead.

    Usage: ``{% hd_by_provider_only as by_provider_only %}``.
    """
    request = context.get("request")
    return request is not None and is_by_provider_only(request)


@register.simple_tag(takes_context=True)
def hd_takes_invited(context: Context) -> bool:
    """Whether an invitation opens the registration page that says it is closed.

    Usage: ``{% hd_takes_invited as takes_invited %}``.
    """
    request = context.get("request")
    rule = sign_up_rule(request, _next_of(request)) if request is not None else None
    return rule is None or rule.takes_invited


@register.simple_tag(takes_context=True)
def hd_provider_links(context: Context, back: str = "") -> list[ProviderLink]:
    """The companies' providers that serve the portal a sign-in is for, by name.

    Usage: ``{% hd_provider_links back as links %}``. Providers that a project has set
    up by allauth's own settings are not among them: no portal counts on their word.

    Args:
        context: The template context.
        back: Where to go on afterwards; empty: to ``next``.
    """
    request = context.get("request")
    if request is None or not apps.is_installed("allauth.socialaccount"):
        return []
    from allauth.socialaccount.adapter import get_adapter

    back = back or _next_of(request)
    query = {"process": "login", **({"next": back} if back else {})}
    links = [
        ProviderLink(str(provider.name), str(provider.get_login_url(request, **query)))
        for provider in get_adapter().list_providers(request)
        if provider.uses_apps
        and str(provider.app.provider_id).startswith(APP_PREFIX)
        and not provider.app.settings.get("hidden")
    ]
    return sorted(links, key=lambda link: link.name)


def _next_of(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or ""
