"""Appearances in the settings, one for each site."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail.admin.views import generic

from wagtail_helpdesk.admin.appearance.form import AppearanceForm
from wagtail_helpdesk.admin.appearance.preview import (
    LOOKS,
    PreviewView,
    sample,
)
from wagtail_helpdesk.admin.appearance.readout import lines_of, notes_of
from wagtail_helpdesk.admin.settings_viewset import SettingViewSet
from wagtail_helpdesk.models import Appearance


class _StaysHere:
    """After saving, the form is shown again: with the contrasts, and what changed."""

    object: Appearance

    def get_success_url(self) -> str:
        return reverse("helpdesk_appearance:edit", args=[self.object.pk])


class AddView(_StaysHere, generic.CreateView):
    """Choose the appearance of a site that has none."""


class EditView(_StaysHere, generic.EditView):
    """The form, and what became of the colours when it was last saved."""

    def get_template_names(self) -> list[str]:
        names: list[str] = super().get_template_names()
        # Wagtail 8 sends parts of a page that saves itself.
        if names == [getattr(self, "partials_template_name", "")]:
            return names
        return ["wagtail_helpdesk/admin/appearance.html", *names]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # What is stored: a form with mistakes has changed the object at hand.
        stored = Appearance.objects.select_related("site").get(pk=self.object.pk)
        context.update(
            lines=lines_of(stored),
            notes=notes_of(stored),
            appearance=stored,
            looks=LOOKS,
        )
        return context


class AppearanceViewSet(SettingViewSet):
    model = Appearance
    name = "helpdesk_appearance"
    url_prefix = "helpdesk/appearance"
    icon = "view"
    add_view_class = AddView
    edit_view_class = EditView
    form_class = AppearanceForm
    list_display = ["__str__", "accent", "color_scheme"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("preview/<int:pk>/", PreviewView.as_view(), name="preview"),
            path("preview/<int:pk>/page/", sample, name="sample"),
        ]
