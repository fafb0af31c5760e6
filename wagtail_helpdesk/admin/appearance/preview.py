"""A page with one of everything, in the colours of a site, for whoever chooses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from wagtail_helpdesk.admin.base import AdminPage
from wagtail_helpdesk.appearance.current import theme_from
from wagtail_helpdesk.frontend import Crumb, Frame, frame_context
from wagtail_helpdesk.models import Appearance

CHANGE = "wagtail_helpdesk.change_appearance"
#: Any language that is written from right to left turns the page round.
_RTL_LANGUAGE = "ar"
_MAX_KEY = 2**63 - 1


@dataclass(frozen=True)
class Look:
    """A way to look at the page.

    Attributes:
        key: Its word in the address.
        label: What it is called.
        scheme: ``"light"`` or ``"dark"``.
        is_rtl: Whether the page runs from right to left.
        is_narrow: Whether it is as wide as a small telephone.
    """

    key: str
    label: Any
    scheme: str = "light"
    is_rtl: bool = False
    is_narrow: bool = False

    @property
    def query(self) -> str:
        """What the page's address needs for it."""
        wanted = {"scheme": self.scheme, "dir": "rtl" if self.is_rtl else "ltr"}
        return urlencode(wanted)


LOOKS = (
    Look("light", gettext_lazy("Light")),
    Look("dark", gettext_lazy("Dark"), scheme="dark"),
    Look("rtl", gettext_lazy("Right to left"), is_rtl=True),
    Look("mobile", gettext_lazy("Telephone, 320 pixels"), is_narrow=True),
)


class SampleForm(forms.Form):
    """Fields as customers meet them; it is never sent anywhere."""

    subject = forms.CharField(label=gettext_lazy("Subject"))
    place = forms.ChoiceField(
        label=gettext_lazy("Where"),
        required=False,
        help_text=gettext_lazy("So that the right people read it."),
        choices=[("", "–"), ("1", gettext_lazy("Office"))],
    )
    text = forms.CharField(
        label=gettext_lazy("What happened?"), widget=forms.Textarea(attrs={"rows": 3})
    )


class _SampleFrame(Frame):
    """The frame in one scheme, whatever the editor's own cookie says."""

    shown_scheme = ""

    @property
    def color_scheme(self) -> str:
        return self.shown_scheme


def _appearance(request: HttpRequest, pk: int) -> Appearance:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    rows = Appearance.objects.select_related("site", "logo", "logo_dark", "favicon")
    found = rows.filter(pk=pk).first() if pk <= _MAX_KEY else None
    if found is None:
        raise Http404("No such appearance")
    return found


class PreviewView(AdminPage):
    """The sample page in a frame, and links to the ways to look at it."""

    template_name = "wagtail_helpdesk/admin/appearance_preview.html"
    page_title = gettext_lazy("Preview")
    header_icon = "view"
    appearance: Appearance

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.appearance = _appearance(request, pk)
        return super().dispatch(request)

    def get_page_subtitle(self) -> str:
        return str(self.appearance)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        wanted = request.GET.get("look", "")
        shown = next((look for look in LOOKS if look.key == wanted), LOOKS[0])
        return self.render(appearance=self.appearance, looks=LOOKS, shown=shown)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, last = super().get_breadcrumbs_items()
        index = reverse("helpdesk_appearance:index")
        edit = reverse("helpdesk_appearance:edit", args=[self.appearance.pk])
        return [
            *before,
            {"url": index, "label": _("Appearances")},
            {"url": edit, "label": str(self.appearance)},
            last,
        ]


@require_safe
@xframe_options_sameorigin
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample page itself, with ``?scheme=dark`` and ``?dir=rtl``.

    It shows nobody's data, and stands in the site's base template.

    Args:
        request: The request.
        pk: The appearance's key.
    """
    appearance = _appearance(request, pk)
    context = frame_context(request)
    frame = _SampleFrame(request=request)
    frame.shown_scheme = "dark" if request.GET.get("scheme") == "dark" else "light"
    # What would be found by the request is the site of the admin.
    frame.__dict__.update(site=appearance.site, theme=theme_from(appearance))
    form = SampleForm({"subject": _("The lamp blinks"), "text": ""})
    context.update(
        hd=frame,
        form=form,
        crumbs=[Crumb(_("Help centre"), "#"), Crumb(_("Sample page"))],
    )
    template = "wagtail_helpdesk/appearance_sample.html"
    if request.GET.get("dir") != "rtl":
        return render(request, template, context)
    with override(_RTL_LANGUAGE):
        return render(request, template, context)
