"""What a portal asks its customers to agree to (B57), as a part of its page.

Each language is a page of its own, so each has a text of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.fields import RichTextField

from wagtail_helpdesk.access.consents import ConsentNotice
from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.portal.consent import before_consent, needs_consent
from wagtail_helpdesk.portal.entry import Visit, for_contacts
from wagtail_helpdesk.portal.views import consent, privacy


class PortalConsentMixin(models.Model):
    """The consent of a portal: its settings, and the pages ``consent/``, ``privacy/``.

    What customers agreed to is kept under ``consent_source``, which is the same in all
    languages of a portal.
    """

    if TYPE_CHECKING:
        locale: Any
        translation_key: Any

    consent_text = RichTextField(
        _("consent"),
        blank=True,
        features=["bold", "italic", "link", "document-link", "ul", "ol"],
        help_text=_(
            "What customers agree to before they see anything here, with links to your "
            "legal pages. Empty: nothing is asked in this language. After a change "
            "customers are asked again when they come next, so change it only if the "
            "meaning changes."
        ),
    )
    consent_label = models.CharField(
        _("label of the consent box"),
        max_length=255,
        blank=True,
        help_text=_(
            "Empty: “I agree”. It is part of what is agreed to: after a change "
            "customers are asked again."
        ),
    )
    consent_at_sign_up = models.BooleanField(
        _("ask at registration"),
        default=True,
        help_text=_("Off: people are asked when they first enter the portal."),
    )

    class Meta:
        abstract = True

    consent_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("consent_text"),
                FieldPanel("consent_label"),
                FieldPanel("consent_at_sign_up"),
            ],
            heading=_("Consent"),
        )
    ]

    @property
    def consent_source(self) -> str:
        """Where consents given in this portal come from, whatever the language."""
        return f"portal:{self.translation_key}"

    @property
    def asks_consent(self) -> bool:
        """Whether customers agree to something before they enter."""
        return bool(strip_tags(self.consent_text).strip())

    @property
    def consent_notice(self) -> ConsentNotice | None:
        """What customers agree to in this language, or ``None`` if nothing is asked."""
        if not self.asks_consent:
            return None
        language = self.locale.language_code
        # In the page's language, whatever the visitor's: the label is in the version.
        with override(language):
            label = self.consent_label or gettext("I agree")
        return ConsentNotice(
            text=self.consent_text,
            label=label,
            language=language,
            source=self.consent_source,
        )

    def waits_for_consent(self, contact: Contact) -> bool:
        """Whether nothing shows to a customer until they agree.

        Args:
            contact: The customer.
        """
        return needs_consent(self, contact)

    def clean(self) -> None:
        super().clean()
        if self.consent_label and not self.asks_consent:
            raise ValidationError(
                {"consent_text": _("Write what the box agrees to, or empty its label.")}
            )

    @path("consent/", name="consent")
    @for_contacts
    @before_consent
    def consent_route(self, visit: Visit) -> HttpResponse:
        """What has to be agreed to before anything else is shown."""
        return consent.show(visit)

    @path("privacy/", name="privacy")
    @for_contacts
    @before_consent
    def privacy_route(self, visit: Visit) -> HttpResponse:
        """What the customer has agreed to, and its withdrawal."""
        return privacy.show(visit)
