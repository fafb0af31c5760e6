"""The account page: profile, mails, and the ways to all else about oneself (F11)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import ChangeProfile, open_deletion_request
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.languages import page_languages
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.profile_form import ProfileForm


def show(visit: Visit) -> HttpResponse:
    """The page; a POST changes the profile."""
    # A POST without any of the inputs is no form of ours; it would empty the profile.
    if visit.request.method == "POST" and "name" in visit.request.POST:
        return _save(visit)
    return _page(visit, ProfileForm(visit.contact, kept=kept_text.take(visit.request)))


def account_crumb(visit: Visit) -> Crumb:
    """The step of the breadcrumbs that leads back to this page."""
    return Crumb(_("Your account"), f"{visit.url}account/")


def _page(visit: Visit, form: ProfileForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "asked": open_deletion_request(visit.contact),
        "account_url": f"{visit.url}account/",
        "download_url": f"{visit.url}account/download/",
        "deletion_url": f"{visit.url}account/deletion/",
        "privacy_url": f"{visit.url}privacy/",
        "crumbs": [Crumb(visit.labels.mine, visit.url), Crumb(_("Your account"))],
    }
    return visit.render("account.html", context, status=status)


def _save(visit: Visit) -> HttpResponse:
    form = ProfileForm(visit.contact, visit.request.POST)
    if not form.is_valid():
        return _page(visit, form)
    chosen = form.cleaned_data
    try:
        changed = ChangeProfile(
            contact=visit.contact,
            name=chosen["name"],
            language=chosen["language"],
            time_zone=chosen["time_zone"],
            mails_off=form.mails_off(),
        ).execute()
    except ActionPermissionError as error:
        form.add_error(None, str(error))
        return _page(visit, form, status=403)
    except ActionError as error:
        form.add_action_error(error)
        return _page(visit, form)
    language = chosen["language"] if "language" in changed else ""
    return _saved(visit, language, changed)


def _saved(visit: Visit, language: str, changed: list[str]) -> HttpResponse:
    """Back to the page; in the language just chosen, as far as the site has it."""
    target = f"{visit.url}account/"
    if language not in dict(settings.LANGUAGES):
        language = ""
    links = page_languages(visit.page, target, visit.request) if language else []
    same = (link.url for link in links if link.code == language and link.is_exact)
    response = HttpResponseRedirect(next(filter(None, same), target))
    if language:
        _remember_language(response, language)
    with override(language or get_language()):
        text = _("Your changes are saved.") if changed else _("Nothing was changed.")
    messages.success(visit.request, text)
    return response


def _remember_language(response: HttpResponse, language: str) -> None:
    """As the language switch does, for pages that have one address in all languages."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
