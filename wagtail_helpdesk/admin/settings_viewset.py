"""What the views of all settings have in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import ProtectedError
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet


class ProtectedDeleteView(generic.DeleteView):
    """Says that something is in use where the stock view would fail."""

    # Django's own answer to the method DELETE knows neither form nor this class.
    http_method_names = ["get", "head", "options", "post"]

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("“%(object)s” is in use and cannot be deleted.")
                % {"object": self.object},
            )
            return HttpResponseRedirect(self.get_success_url())
        return response


class SettingViewSet(ModelViewSet):
    """What all settings have in common."""

    copy_view_enabled = False
    delete_view_class = ProtectedDeleteView
    add_to_admin_menu = False
    form_class: type[forms.ModelForm] | None = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.form_class or super().get_form_class(for_update)
