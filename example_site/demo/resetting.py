"""Takes the demo out of the database again."""

from __future__ import annotations

from functools import partial

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail_localize.models import TranslatableObject

from example_site.demo.appearance import LOGO
from example_site.demo.files import CHECKLIST, TITLES
from example_site.demo.people import EVERYONE
from wagtail_helpdesk import models

#: In an order in which nothing that is deleted is still needed.
_HELP_DESK = (
    models.Attachment,
    models.Delivery,
    models.Event,
    models.Draft,
    models.Message,
    models.Conversation,
    models.Ticket,
    models.TicketNumber,
    models.Tag,
    models.SavedView,
    models.SupportForm,
    models.CannedReply,
    models.EmailTemplate,
    models.TicketProperty,
    models.StageLabel,
    models.Channel,
    models.Inbox,
    models.BusinessCalendar,
    models.Pipeline,
    models.Consent,
    models.IdentityProvider,
    models.AccessInvitation,
    models.AccessMembership,
    models.Contact,
    models.Organization,
    models.Agent,
    models.Appearance,
)


@transaction.atomic
def reset_demo() -> None:
    """Delete every page and ticket, and the accounts of the demo.

    Everything in the help desk goes, not the demo's rows alone: after this it is as
    empty as after ``migrate``.
    """
    for attachment in models.Attachment.objects.all():
        storage, name = attachment.file.storage, str(attachment.file.name)
        transaction.on_commit(partial(storage.delete, name))
    for page in Page.get_first_root_node().get_children():
        page.specific.delete()
    for model in _HELP_DESK:
        model._default_manager.all().delete()
    TranslatableObject.objects.all().delete()
    accounts = get_user_model()._default_manager
    accounts.filter(username__in=[person.email for person in EVERYONE]).delete()
    groups = models.AccessGroup.objects.all()
    opened = list(groups.values_list("auth_group", flat=True))
    # In this order: a Django group that stands for an access group is not deleted.
    groups.delete()
    Group.objects.filter(pk__in=opened).delete()
    get_image_model().objects.filter(title__in=[*TITLES.values(), LOGO]).delete()
    get_document_model().objects.filter(title=CHECKLIST).delete()
