"""What the forms of all steps have in common."""

from __future__ import annotations

from typing import Any

from django import forms

from wagtail_helpdesk.exceptions import ActionError


class StepForm(forms.Form):
    """A step of one portal, or of one to come.

    Args:
        page: The newest version of the portal; ``None`` before there is one.
        user: Who sets it up.
    """

    def __init__(self, *args: Any, page: Any, user: Any, **kwargs: Any) -> None:
        self.page = page
        self.user = user
        super().__init__(*args, **kwargs)
        # What is missing is told in words, beside what was typed.
        self.use_required_attribute = False

    def take_from_model(self, model: type[Any], *names: str) -> None:
        """Add fields as the page's own editor has them."""
        for name in names:
            field = model._meta.get_field(name).formfield()
            if self.page is not None:
                field.initial = getattr(self.page, name)
            self.fields[name] = field

    def tell(self, error: ActionError) -> None:
        """Show what an action refuses where it belongs; what was typed stays.

        Args:
            error: The refusal.
        """
        self.add_error(error.field if error.field in self.fields else None, str(error))
