"""The columns of a portal's list, as its editor chooses them (B38 to B40)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.blocks import ChoiceBlock
from wagtail.fields import StreamField

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.portal.columns import Column, column_choices, columns_of


class PortalListMixin(models.Model):
    """Which columns the list has beside the subject, and in which order."""

    list_columns = StreamField(
        [("column", ChoiceBlock(choices=column_choices, label=_("Column")))],
        blank=True,
        verbose_name=_("columns"),
    )

    class Meta:
        abstract = True

    portal_list_panel: ClassVar[Any] = MultiFieldPanel(
        [
            HelpPanel(
                content=_(
                    "The subject always stands first. Without any choice the list has "
                    "the recommended columns: requested by, created, owner, last "
                    "activity, status. Delete all columns to come back to these. "
                    "Properties can be chosen once they are shown to customers."
                )
            ),
            FieldPanel("list_columns"),
        ],
        heading=_("Columns of the list"),
    )

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The columns beside the subject."""
        return columns_of(self._chosen())

    def _chosen(self) -> list[str]:
        # The stored values: a block asks for all its choices, properties among them.
        return [str(block["value"]) for block in self.list_columns.raw_data]

    def clean(self) -> None:
        super().clean()
        chosen = self._chosen()
        most = helpdesk_settings.PORTAL_MAX_COLUMNS
        if len(chosen) > most:
            told = _("These are %(count)s columns; %(max)s at most.") % {
                "count": len(chosen),
                "max": most,
            }
            raise ValidationError({"list_columns": told})
        twice = [key for key in chosen if chosen.count(key) > 1]
        if twice:
            label = dict(column_choices()).get(twice[0], twice[0])
            told = _("The column “%(column)s” is there twice.") % {"column": label}
            raise ValidationError({"list_columns": told})
