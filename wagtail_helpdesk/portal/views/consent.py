"""What has to be agreed to before anything else of the portal is shown (R17, B57)."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from wagtail_helpdesk.access.consents import ConsentNotice
from wagtail_helpdesk.actions import RecordConsent
from wagtail_helpdesk.forms.consent_box import ConsentField
from wagtail_helpdesk.portal.consent import needs_consent
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.preferences import safe_next


class ConsentForm(forms.Form):
    """The box, and nothing else."""

    use_required_attribute = False

    def __init__(self, notice: ConsentNotice, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["consent"] = ConsentField(notice)


def show(visit: Visit) -> HttpResponse:
    """The text with its box; agreeing leads on to where the customer wanted to be.

    Whoever does not agree leaves by a link to the site's front page, or signs out:
    neither leads back here.
    """
    request = visit.request
    target = safe_next(request, fallback=visit.url)
    notice = visit.page.consent_notice
    if notice is None or not needs_consent(visit.page, visit.contact):
        return HttpResponseRedirect(target)
    form = ConsentForm(notice)
    if request.method == "POST":
        form = ConsentForm(notice, request.POST)
        if form.is_valid():
            RecordConsent(
                contact=visit.contact,
                text=notice.wording,
                language=notice.language,
                source=notice.source,
            ).execute()
            return HttpResponseRedirect(target)
    context = {
        "form": form,
        "notice": notice,
        "next_url": target,
        "consent_url": f"{visit.url}consent/",
        "privacy_url": f"{visit.url}privacy/",
    }
    return visit.render("consent.html", context)
