"""Serves attachments to those who may read the message they came with.

The file lies on private storage, without an address of its own. A file of somebody else
is answered exactly as one that never was: who is signed in gets 404, and a visitor the
way to the sign-in and back, for their session may have ended since they saw the link.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.access.portals import portal_rules
from wagtail_helpdesk.access.sending import keep_no_copy, send_file
from wagtail_helpdesk.access.serving import sign_in_first
from wagtail_helpdesk.models import Attachment
from wagtail_helpdesk.permissions import agent_of

#: Types that a browser shows without running anything; all others are downloaded.
SHOWN_IN_PLACE = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/bmp",
        "application/pdf",
    }
)


def find_attachment(request: HttpRequest, public_id: str) -> Attachment:
    """The attachment, if the visitor may read it.

    As an agent of the ticket's inbox, or as a customer through any portal they may
    enter (R9, R10).

    Args:
        request: The request.
        public_id: The attachment's public id.

    Raises:
        Http404: There is none, or it is not theirs.
    """
    if "\x00" in public_id:
        # PostgreSQL takes no NUL in a text, so it is in no id either.
        raise Http404
    attachments = Attachment.objects.filter(public_id=public_id)
    agent = agent_of(request)
    if agent is not None:
        found = attachments.visible_to_agent(agent).first()
        if found is not None:
            return found
    contact = contact_for(getattr(request, "user", None))
    if contact is not None:
        for rules in portal_rules(request):
            found = attachments.visible_to_contact(contact, rules).first()
            if found is not None:
                return found
    raise Http404


@require_safe
def attachment(
    request: HttpRequest, public_id: str, filename: str = ""
) -> HttpResponseBase:
    """Serve one attachment, or lead a visitor to the sign-in.

    Args:
        request: The request.
        public_id: The attachment's public id.
        filename: For people who read the address; it decides nothing.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        # Before anything is looked up: the answer tells nobody which files there are.
        return sign_in_first(request)
    return serve_attachment(request, find_attachment(request, public_id))


def serve_attachment(request: HttpRequest, found: Attachment) -> HttpResponseBase:
    """Send the bytes, once it is decided that the visitor may read them.

    Args:
        request: The request.
        found: The attachment.

    Raises:
        Http404: Its file is gone.
    """
    if not found.file or not found.file.storage.exists(str(found.file.name)):
        raise Http404
    as_attachment = found.content_type not in SHOWN_IN_PLACE
    # No copy is kept (``no-store``), so none is ever fresh enough.
    request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
    response = send_file(request, found.file, content_type=found.content_type)
    response["Content-Type"] = (
        "text/plain; charset=utf-8"
        if found.content_type == "text/plain"
        else found.content_type
    )
    disposition = content_disposition_header(as_attachment, found.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    # Whatever the file is, it runs nothing and asks for nothing in the site's name. The
    # browser's own PDF viewer does not open in a sandbox.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    if found.content_type != "application/pdf":
        policy += "; sandbox"
    response["Content-Security-Policy"] = policy
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    keep_no_copy(response)
    return response
