"""What the views of all settings have in common."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.utils.functional import cached_property
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_helpdesk.admin.in_use import Use, uses_of


class ProtectedDeleteView(generic.DeleteView):
    """Says what needs a setting; the stock view fails or refuses without words."""

    # Django's own answer to the method DELETE knows neither form nor this class.
    http_method_names = ["get", "head", "options", "post"]

    @cached_property
    def uses(self) -> list[Use]:
        """What keeps it from being deleted."""
        return uses_of(self.object, self.request.user)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if self.uses:
            return self._refuse()
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError:  # Somebody has begun to use it at this moment.
            del self.uses
            return self._refuse()
        return response

    def _refuse(self) -> HttpResponse:
        context = {**self.get_context_data(), "is_protected": True}
        response: HttpResponse = self.render_to_response(context)
        response.status_code = HTTPStatus.CONFLICT
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["uses"] = self.uses
        context["is_protected"] = bool(self.uses)
        return context


class SettingViewSet(ModelViewSet):
    """What all settings have in common."""

    copy_view_enabled = False
    delete_view_class = ProtectedDeleteView
    delete_template_name = "wagtail_helpdesk/admin/setting_delete.html"
    add_to_admin_menu = False
    form_class: type[forms.ModelForm] | None = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.form_class or super().get_form_class(for_update)
