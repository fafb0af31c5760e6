"""Managers of an organization send a request for one of its members (L23)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.access.colleagues import colleague_by_address, colleagues_of
from wagtail_helpdesk.actions import OnBehalf
from wagtail_helpdesk.forms.inputs import LineField
from wagtail_helpdesk.models import Contact, Membership

#: More names than that are no list to choose from: an address is typed instead.
MOST_CHOICES = 200


class ForWhomForm(forms.Form):
    """For whom a request is sent; without any field for whoever manages nobody.

    Args:
        contact: The customer.
    """

    use_required_attribute = False
    prefix = "for-whom"
    #: Name of its input.
    input_name = "for-whom-person"

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        colleagues = Colleagues(contact)
        if not colleagues.found:
            return
        if colleagues.are_many:
            self.fields["person"] = LineField(
                label=_("For whom"),
                required=False,
                max_length=254,
                help_text=_(
                    "The e-mail address of a member of your organization. Empty: for "
                    "yourself."
                ),
            )
        else:
            self.fields["person"] = forms.ChoiceField(
                label=_("For whom"),
                required=False,
                choices=[("", _("For myself")), *colleagues.choices],
            )
            # What is wrong with it says nothing of whether there is such a person.
            self.fields["person"].error_messages["invalid_choice"] = _NOBODY
        self.colleagues = colleagues

    def clean_person(self) -> OnBehalf | None:
        """The colleague that was chosen; the same error for all who cannot be."""
        typed = self.cleaned_data["person"]
        if not typed:
            return None
        if self.colleagues.are_many:
            membership = colleague_by_address(self.contact, typed)
        else:
            membership = self.colleagues.by_key.get(typed)
        if membership is None:
            raise forms.ValidationError(_NOBODY)
        return OnBehalf(membership.contact, membership.organization)

    @property
    def on_behalf(self) -> OnBehalf | None:
        """For whom it is sent, if the form is valid and says somebody else."""
        chosen: OnBehalf | None = self.cleaned_data.get("person")
        return chosen


_NOBODY = _("Choose yourself or a member of an organization that you manage.")


@dataclass
class Colleagues:
    """Those for whom a contact may send requests, as a list to choose from.

    Attributes:
        contact: Who may be a manager.
    """

    contact: Contact

    @cached_property
    def found(self) -> list[Membership]:
        """Their memberships, by name; one more than a list shows at most."""
        if not self._manages:
            return []
        memberships = (
            colleagues_of(self.contact)
            .select_related("contact", "organization")
            .prefetch_related("contact__identities")
            .order_by("contact__name", "pk")
        )
        return list(memberships[: MOST_CHOICES + 1])

    @property
    def _manages(self) -> bool:
        """Whether there is anybody to look for, which mostly is not so."""
        return Membership.objects.filter(
            contact=self.contact, role=Membership.Role.MANAGER
        ).exists()

    @property
    def are_many(self) -> bool:
        """Whether there are too many for a list."""
        return len(self.found) > MOST_CHOICES

    @cached_property
    def by_key(self) -> dict[str, Membership]:
        """The memberships by the values of the list."""
        return {
            f"{one.contact.public_id}.{one.organization.public_id}": one
            for one in self.found
        }

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Values and labels; the organization only where there are several."""
        organizations = {one.organization_id for one in self.found}
        choices = []
        for key, one in self.by_key.items():
            label = one.contact.display_name
            if one.contact.name and one.contact.email:
                label = f"{label} ({one.contact.email})"
            if len(organizations) > 1:
                label = f"{label} · {one.organization}"
            choices.append((key, label))
        return choices
