"""Texts of the mails the help desk sends, editable per language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin


class EmailTemplate(TranslatableMixin, models.Model):
    """Replaces the packaged text of one kind of mail in one language.

    Without a row the packaged text in the contact's language is used, so a fresh
    installation sends complete mails.
    """

    class Key(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement to the customer")
        REPLY = "reply", _("Reply to the customer")
        INVITATION = "invitation", _("Invitation to register")
        GUEST_LINK = "guest_link", _("New link to a request")
        PARTICIPANT = "participant", _("Somebody was added to a request")
        RATING = "rating", _("Question how our help was")

    key = models.CharField(_("mail"), max_length=40, choices=Key)
    subject = models.CharField(
        _("subject"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the packaged subject. {reference} is the number."),
    )
    body = models.TextField(
        _("text"),
        help_text=_(
            "You may use {contact_name}, {agent_name}, {reference}, {inbox_name}, "
            "{message} and {link}. In the acknowledgement {message} stays empty: "
            "a mail that repeats what a visitor typed could be abused to send spam. "
            "The invitation knows {contact_name}, {inbox_name}, {portal_name}, {days} "
            "and {link}; the new link to a request, the mail to somebody who was added "
            "to one, and the question how our help was, {contact_name}, {reference}, "
            "{inbox_name} and {link}."
        ),
    )

    panels = [FieldPanel("key"), FieldPanel("subject"), FieldPanel("body")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "key"], name="helpdesk_email_template_key"
            )
        ]

    def __str__(self) -> str:
        return self.get_key_display()
