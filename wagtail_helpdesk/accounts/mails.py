"""What the help desk adds to allauth's mails: the frame of its own ones (F15).

allauth writes plain text in the language of whoever pressed a button. Here it gets the
reader's language, an HTML form beside it, and below both why the mail has come and the
way to the portal.
"""

from __future__ import annotations

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_helpdesk.channels.email.languages import contact_language
from wagtail_helpdesk.channels.email.rendering import render
from wagtail_helpdesk.frontend import frame
from wagtail_helpdesk.models import Contact, Identity, normalise_email
from wagtail_helpdesk.sanitise import text_to_html
from wagtail_helpdesk.system_pages import home_after_sign_in

#: Mails that anybody can cause by typing an address: its owner may have no account.
_TYPED = (
    "account_already_exists",
    "email_confirm",
    "email_confirmation",
    "email_confirmation_signup",
    "unknown_account",
)


def language_for(address: str) -> str:
    """The language that the owner of an address reads.

    Args:
        address: To whom a mail goes.

    Returns:
        The contact's language; for an unknown address that of the present request,
        whose visitor has just typed it.
    """
    contact = Contact.objects.filter(
        identities__kind=Identity.Kind.EMAIL,
        identities__value=normalise_email(address),
    ).first()
    if contact is None or not contact.language:
        return get_language() or ""
    return contact_language(contact, None)


def in_frame(
    mail: EmailMessage, template_prefix: str, request: HttpRequest, site_name: str
) -> EmailMessage:
    """The mail with its reason, the link to the portal, and an HTML form.

    Args:
        mail: What allauth has written. If the site has written an HTML text for it, it
            stays as it is.
        template_prefix: Which mail it is, such as ``account/email/login_code``.
        request: The request that causes it.
        site_name: What the site is called.
    """
    if not isinstance(mail, EmailMultiAlternatives) or mail.alternatives:
        return mail
    around = frame(request)
    link = around.portal_link
    url = home_after_sign_in(request) or (link.url if link else "") or around.home_url
    if template_prefix.rpartition("/")[2] in _TYPED:
        reason = _(
            "You get this mail because somebody entered your address at %(site)s."
        )
    else:
        reason = _("You get this mail because you have an account at %(site)s.")
    body = render(
        "account",
        {
            "subject": mail.subject,
            "message": mail.body,
            "message_html": text_to_html(str(mail.body), fold=False),
            "reason": reason % {"site": site_name},
            "portal_url": request.build_absolute_uri(url),
        },
        language=get_language() or "",
    )
    mail.body = body.text
    mail.attach_alternative(body.html, "text/html")
    return mail
