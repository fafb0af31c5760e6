"""The forms of the steps: what is chosen, filled with what is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.models import (
    AccessGroup,
    Inbox,
    Pipeline,
    Stage,
    SupportForm,
)
from wagtail_helpdesk.portal.page_form import closing_problems
from wagtail_helpdesk.portal.setup.connecting import (
    connected_forms,
    may_add,
    may_add_form,
    may_add_inbox,
)
from wagtail_helpdesk.portal.setup.creating import places_for
from wagtail_helpdesk.portal.setup.step_form import StepForm

NEW = "new"
BUILT_IN = "built-in"
KEEP = "keep"


class PageForm(StepForm):
    """Name and address (B3, B4)."""

    title = forms.CharField(
        label=gettext_lazy("Name of the portal"),
        max_length=255,
        help_text=gettext_lazy("Customers read it in the title of each page."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Last part of the address"),
        max_length=255,
        allow_unicode=True,
        required=False,
        help_text=gettext_lazy("Such as “support”. Empty: made of the name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.page is not None:
            self.fields["title"].initial = self.page.title
            self.fields["slug"].initial = self.page.slug

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("slug") and "slug" not in self.errors:
            values["slug"] = slugify(values.get("title", ""))[:255] or "portal"
        return values


class NewPageForm(PageForm):
    """The same with the place, for a portal that is not there yet."""

    parent = forms.ChoiceField(
        label=gettext_lazy("Below"),
        help_text=gettext_lazy("The page of your site that the portal stands below."),
    )
    field_order = ["title", "parent", "slug"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places_for(self.user)}
        choices = [(key, _place_label(place)) for key, place in self.places.items()]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]

    def clean_parent(self) -> Any:
        """The page instead of its key."""
        return self.places[self.cleaned_data["parent"]]


class InboxForm(StepForm):
    """The inbox, or a new one (B6)."""

    inbox = forms.ChoiceField(label=gettext_lazy("Inbox"))
    name = forms.CharField(
        label=gettext_lazy("Name of the new inbox"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    pipeline = forms.ModelChoiceField(
        Pipeline.objects.none(),
        label=gettext_lazy("Pipeline of the new inbox"),
        required=False,
        empty_label=gettext_lazy("A new one: new, open, waiting, closed"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inboxes = {inbox.public_id: inbox for inbox in self._inboxes()}
        choices = [(key, str(inbox)) for key, inbox in self.inboxes.items()]
        if may_add_inbox(self.user):
            choices.append((NEW, _("A new inbox")))
            pipelines = Pipeline.objects.filter(
                pk__in=Stage.objects.open().values("pipeline")
            )
            self.fields["pipeline"].queryset = pipelines  # type: ignore[attr-defined]
        else:
            del self.fields["name"], self.fields["pipeline"]
        self.fields["inbox"].choices = choices  # type: ignore[attr-defined]
        channel = self.page.channel
        if channel is not None:
            self.fields["inbox"].initial = channel.inbox.public_id

    def _inboxes(self) -> Iterator[Inbox]:
        inboxes = Inbox.objects.all()
        if not may_add(self.user, "add_channel"):
            usable = Q(channels__type="portal", channels__is_enabled=True)
            inboxes = inboxes.filter(usable).distinct()
        yield from inboxes

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        chosen = values.get("inbox")
        if chosen == NEW and not values.get("name") and "name" not in self.errors:
            self.add_error("name", _("Give the inbox a name."))
        values["chosen"] = self.inboxes.get(str(chosen))
        return values


class RulesForm(StepForm):
    """Sharing, closing, and what is asked after it (B15, B16, B45 to B47, F13)."""

    settings = ("sharing", "reply_on_closed", "reopen_days", "may_close", "asks_rating")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take_from_model(type(self.page), *self.settings)
        chosen = {
            row.stage.pipeline_id: row.stage_id for row in self.page.closed_stages.all()
        }
        closed = Stage.objects.filter(category=Stage.Category.CLOSED)
        self.several: list[str] = []
        for pipeline in Pipeline.objects.all():
            stages = closed.filter(pipeline=pipeline)
            if stages.count() > 1:
                name = f"closed_{pipeline.pk}"
                self.several.append(name)
                self.fields[name] = forms.ModelChoiceField(
                    stages,
                    label=_("Closed stage of “%(pipeline)s”") % {"pipeline": pipeline},
                    required=False,
                    initial=chosen.get(pipeline.pk),
                    help_text=_("Where a ticket goes that a customer closes."),
                )
        # What closing asks of customers stands below what it does.
        self.order_fields([*self.settings[:-1], *self.several])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        stages = [values[name] for name in self.several if values.get(name)]
        if values.get("may_close"):
            for problem in closing_problems(stages):
                self.add_error("may_close", problem)
        settings = {name: values[name] for name in self.settings if name in values}
        values["settings"] = {**settings, "closed_stages": stages}
        return values


class AccessForm(StepForm):
    """Who registers and who enters (B48, B51 to B55)."""

    access_groups = forms.MultipleChoiceField(
        label=gettext_lazy("Access groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("One of them is enough."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("entry", "entry_domains", "requires_groups")
        self.take_from_model(type(self.page), *names)
        self.fields["entry_domains"].widget.attrs["rows"] = 3
        # By their public ids: no number that is too large gets to the database.
        self.groups = {group.public_id: group for group in AccessGroup.objects.all()}
        groups: Any = self.fields["access_groups"]
        groups.choices = [(key, str(group)) for key, group in self.groups.items()]
        groups.initial = [one.public_id for one in self.page.access_groups.all()]
        self.order_fields([*names, "access_groups"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "access_groups" in values:
            values["access_groups"] = [self.groups[k] for k in values["access_groups"]]
        if values.get("requires_groups") and not values.get("access_groups"):
            self.add_error("access_groups", _("Choose at least one access group."))
        values["settings"] = {
            name: values[name] for name in self.fields if name in values
        }
        return values


class FormForm(StepForm):
    """What customers fill in (B23 to B25)."""

    form = forms.ChoiceField(label=gettext_lazy("Form"))
    name = forms.CharField(
        label=gettext_lazy("Name of the new form"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "It asks for subject, description and files. You can change its fields "
            "afterwards."
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = SupportForm.objects.live().filter(locale=self.page.locale)
        self.forms = {str(form.pk): form for form in found}
        rows = connected_forms(self.page)
        for row in rows:
            self.forms.setdefault(str(row.form.pk), row.form)
        choices = [(BUILT_IN, _("The built-in form: subject, description, files"))]
        choices += [(key, str(form)) for key, form in self.forms.items()]
        initial = str(rows[0].form.pk) if rows else BUILT_IN
        if len(rows) > 1:
            names = ", ".join(str(row.form) for row in rows)
            kept = _("As it is, customers choose: %(forms)s") % {"forms": names}
            choices.insert(0, (KEEP, kept))
            initial = KEEP
            self.fields["form"].help_text = _(
                "Any other choice takes the place of all of them."
            )
        if may_add_form(self.user):
            choices.append((NEW, _("A new form")))
        else:
            del self.fields["name"]
        self.fields["form"].choices = choices  # type: ignore[attr-defined]
        self.fields["form"].initial = initial

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        chosen = values.get("form")
        if chosen == NEW and not values.get("name") and "name" not in self.errors:
            self.add_error("name", _("Give the form a name."))
        if chosen != NEW:
            values["name"] = ""
        values["chosen"] = self.forms.get(str(chosen))
        values["keep"] = chosen == KEEP
        return values


def _place_label(place: Any) -> str:
    site = place.get_site()
    where = f"{place} ({site.hostname})" if site is not None else str(place)
    return f"{where} · {place.locale}"
