"""The support forms that a portal connects, as a part of its page (B23 to B26)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin

from wagtail_helpdesk.compat import synchronised_fields
from wagtail_helpdesk.models import SupportForm

#: Most forms that one portal connects: customers still read them all.
MOST_FORMS = 10
_READ = (
    *("menu_text", "header_text", "description", "sort_order", "page"),
    *("form__key", "form__name", "form__live", "form__channel"),
)


class PortalFormsMixin(models.Model):
    """The forms of a portal in their order, and its own words for all of them.

    Needs an inline model made from ``PortalSupportFormMixin`` whose ``ParentalKey`` has
    the related name ``support_forms``.
    """

    form_menu_text = models.CharField(
        _("menu text"),
        max_length=60,
        blank=True,
        help_text=_(
            "The link that leads to something new. Empty: “New request”. With one form "
            "below, the menu text of the form takes its place."
        ),
    )
    form_header_text = models.CharField(
        _("heading"),
        max_length=120,
        blank=True,
        help_text=_(
            "Above the built-in form, or above the choice among several. Empty: the "
            "menu text."
        ),
    )

    class Meta:
        abstract = True

    forms_panel: ClassVar[Any] = MultiFieldPanel(
        [
            HelpPanel(
                content=_(
                    "What customers fill in to send something new. Without a form: "
                    "subject, description and files. With several, customers choose "
                    "among them, in their order. A form that is not published is left "
                    "out."
                )
            ),
            FieldPanel("form_menu_text"),
            FieldPanel("form_header_text"),
            InlinePanel("support_forms", label=_("Form"), max_num=MOST_FORMS),
        ],
        heading=_("Forms for something new"),
    )

    @cached_property
    def open_forms(self) -> list[Any]:
        """The rows whose form is published, in any language, each form once."""
        manager: Any = self.support_forms  # type: ignore[attr-defined]  # inline
        rows = list(manager.select_related("form").only(*_READ))
        hidden = {row.form.key for row in rows if not row.form.live}
        live = SupportForm.objects.published_keys(hidden) if hidden else set()
        found: dict[str, Any] = {}
        for row in rows:
            if row.form.live or row.form.key in live:
                found.setdefault(row.form.key, row)
        return list(found.values())

    @cached_property
    def form_count(self) -> int:
        """How many forms customers choose among; 0: they get the built-in one."""
        return int(self.frame.form_count)  # type: ignore[attr-defined]  # of the page

    @cached_property
    def first_menu_text(self) -> str:
        """The menu text of the first form; may be empty."""
        return str(self.frame.first_menu_text)  # type: ignore[attr-defined]  # of the page

    @property
    def takes_new(self) -> bool:
        """Whether customers can send something new here."""
        return bool(self.channel_id or self.form_count)  # type: ignore[attr-defined]


def forms_in_links(model: type[Any]) -> dict[str, Any]:
    """What a link to a portal says of its forms, read with the portal in one query.

    Args:
        model: A page type made from ``PortalFormsMixin``.

    Returns:
        Expressions by the name of the property whose answer they give.
    """
    relation = model._meta.get_field("support_forms")
    page = relation.field.name
    published = SupportForm.objects.live().filter(key=OuterRef("form__key"))
    rows = relation.related_model._default_manager.filter(
        Exists(published), **{page: OuterRef("pk")}
    )
    number = rows.order_by().values(page).annotate(n=Count("form__key", distinct=True))
    return {
        "form_count": Subquery(number.values("n"), output_field=IntegerField()),
        "first_menu_text": Subquery(
            rows.order_by("sort_order", "pk").values("menu_text")[:1]
        ),
    }


class PortalSupportFormMixin(TranslatableMixin, Orderable, models.Model):
    """One form that a portal connects, with the words that lead to it (B24, B25)."""

    form = models.ForeignKey(
        SupportForm,
        verbose_name=_("form"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    menu_text = models.CharField(
        _("menu text"),
        max_length=60,
        blank=True,
        help_text=_(
            "The link that leads to this form. With a single form it may be empty."
        ),
    )
    header_text = models.CharField(
        _("heading"),
        max_length=120,
        blank=True,
        help_text=_("Above the form. Empty: the menu text."),
    )
    description = models.CharField(
        _("description"),
        max_length=255,
        blank=True,
        help_text=_("What the form is for: stands below its link in the choice."),
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("form"),
        FieldPanel("menu_text"),
        FieldPanel("header_text"),
        FieldPanel("description"),
    ]
    # A form is found in each language by its key.
    override_translatable_fields = synchronised_fields("form")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True
        verbose_name = _("form of the portal")
        verbose_name_plural = _("forms of the portal")

    def __str__(self) -> str:
        return self.menu_text or str(self.form)
