"""A new access group, and the name, description and rule of one that is there."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_helpdesk.access.rules import RuleError, parse_rule
from wagtail_helpdesk.actions import ChangeAccessGroup
from wagtail_helpdesk.actions.change_access_group import NAME_LENGTH
from wagtail_helpdesk.admin.access_group_rule import RuleRows, rows_of, rule_of
from wagtail_helpdesk.admin.access_groups import AccessGroupPage
from wagtail_helpdesk.admin.base import admin_url
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import AccessGroup
from wagtail_helpdesk.pagination import bounded_count

_PREVIEWED = 10


class AccessGroupForm(forms.Form):
    """What an access group is called and how its rule is put together."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Editors choose it by this name in the privacy dialog."),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Members"),
        choices=AccessGroup.Kind.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("This cannot be changed later."),
    )
    match = forms.ChoiceField(
        label=gettext_lazy("Members match"),
        choices=[
            ("and", gettext_lazy("all of these conditions")),
            ("or", gettext_lazy("any of these conditions")),
        ],
    )
    allow_public = forms.BooleanField(
        label=gettext_lazy("Allow public mail domains, such as gmail.com"),
        required=False,
    )

    def __init__(self, *args: Any, group: AccessGroup | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if group is not None:
            del self.fields["kind"]
        for name in ("match", "allow_public"):
            self.fields[name].required = False

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields that stand above the rule."""
        return [self[name] for name in self.fields if name in _ABOUT]


_ABOUT = ("name", "description", "kind")


class AccessGroupEditor(AccessGroupPage):
    """The form, with a preview of whom the rule matches before it is saved."""

    template_name = "wagtail_helpdesk/admin/access_group_form.html"
    edited: AccessGroup | None = None

    @cached_property
    def shown_rule(self) -> tuple[str, list[dict[str, Any]]] | None:
        """The stored rule as rows; ``None`` if it is nested."""
        return rows_of(self.edited.rule if self.edited else {})

    def show(self) -> HttpResponse:
        """The form as things are."""
        match, rows = self.shown_rule or ("and", [])
        group = self.edited
        initial: dict[str, Any] = {"kind": AccessGroup.Kind.STATIC, "match": match}
        if group is not None:
            initial |= {
                "name": group.name,
                "description": group.description,
                "allow_public": '"allow_public": true' in json.dumps(group.rule),
            }
        form = AccessGroupForm(initial=initial, group=group)
        return self.render(form=form, rows=RuleRows(initial=rows, prefix="rule"))

    def take(self, request: HttpRequest) -> HttpResponse:
        """Preview or save what was posted."""
        form = AccessGroupForm(request.POST, group=self.edited)
        rows = RuleRows(request.POST, prefix="rule")
        is_good = form.is_valid()
        kind = self.edited.kind if self.edited else form.cleaned_data.get("kind")
        rule = None
        if kind == AccessGroup.Kind.DYNAMIC and self.shown_rule is not None:
            rule = rule_of(
                rows,
                form.cleaned_data.get("match") or "and",
                allow_public=form.cleaned_data.get("allow_public", False),
            )
            is_good &= rule is not None
            if rule is not None and not any(rule.values()):
                form.add_error(None, _("Write at least one condition."))
                is_good = False
        if not is_good:
            return self.render(form=form, rows=rows, status=400)
        try:
            if "preview" in request.POST:
                preview = self._preview(rule) if rule is not None else {}
                return self.render(form=form, rows=rows, **preview)
            saved = ChangeAccessGroup(
                group=self.edited,
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                kind=str(kind),
                rule=rule,
                actor=self.actor,
            ).execute()
        except RuleError as error:
            form.add_error(None, error.problem)
        except ActionError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The access group is saved."))
            return redirect(admin_url("access_group", saved.public_id))
        return self.render(form=form, rows=rows, status=400)

    def _preview(self, rule: dict[str, Any]) -> dict[str, Any]:
        contacts = parse_rule(rule).contacts()
        return {
            "matching": bounded_count(contacts),
            "first": contacts.with_identities().order_by("name", "pk")[:_PREVIEWED],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        group = self.edited
        nested = group is not None and self.shown_rule is None
        context.update(
            group=group,
            has_rule=group is None or group.is_dynamic,
            nested=json.dumps(group.rule, indent=2) if group and nested else "",
        )
        return context


class AddAccessGroupView(AccessGroupEditor):
    """A new access group."""

    page_title = gettext_lazy("New access group")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the group."""
        return self.take(request)


class EditAccessGroupView(AccessGroupEditor):
    """The form of an access group that is there."""

    page_title = gettext_lazy("Change the access group")

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the form."""
        self.edited = self.group
        return self.show()

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Change the group."""
        self.edited = self.group
        return self.take(request)
