"""Where else something is set that belongs to a step of the set-up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Appearance
from wagtail_helpdesk.portal.setup import pages
from wagtail_helpdesk.portal.system_pages import system_page_models


def links_of(step: str, page: Any, request: HttpRequest) -> list[tuple[str, str]]:
    """Addresses with their labels, for what this user may do there.

    Args:
        step: A key of ``steps.STEPS``.
        page: The portal.
        request: The request.
    """
    found: list[tuple[str, str]] = []
    may = page.permissions_for_user(request.user)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if step == "page":
        if may.can_move():
            move = reverse("wagtailadmin_pages:move", args=[page.pk])
            found.append((move, _("Move the page elsewhere")))
        if sites := sites_url(request):
            found.append((sites, _("Sites and their domains")))
    elif step == "access":
        if may.can_add_subpage() and may.can_publish_subpage() and system_page_models():
            back = reverse(pages.STEP, args=[page.pk, "access"])
            make = reverse("helpdesk_portal_system_pages", args=[page.pk])
            found.append((f"{make}?next={back}", _("Create system pages")))
        found.append((edit, _("Consent and time-out, in the page’s editor")))
    elif step == "form":
        found.append((edit, _("Several forms and their words, in the page’s editor")))
    elif step == "rules":
        found.append((edit, _("More of it, in the page’s editor")))
    return found


def sites_url(request: HttpRequest) -> str:
    """Wagtail's list of sites with their domains, for who may change them (B4)."""
    if not request.user.has_perm("wagtailcore.change_site"):
        return ""
    try:
        return reverse("wagtailsites:index")
    except NoReverseMatch:
        return ""


def appearance_url(request: HttpRequest, page: Any) -> str:
    """Where the colours of the portal's site are chosen, for who may."""
    row = Appearance.objects.filter(site=page.get_site()).first()
    verb = "change" if row else "add"
    if not request.user.has_perm(f"wagtail_helpdesk.{verb}_appearance"):
        return ""
    if row is None:
        return reverse("helpdesk_appearance:add")
    return reverse("helpdesk_appearance:edit", args=[row.pk])
