"""Staff delete an access group that opens nothing any more."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.groups import collections_opened_by, pages_opened_by
from wagtail_helpdesk.access.portal_entry import portals_opened_by
from wagtail_helpdesk.actions.access_memberships import lock_group
from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import AccessGroup, Event

#: Pages that a refusal names.
_NAMED = 10


class DeleteAccessGroup(Action[None]):
    """Delete an access group with its members, and its Django group.

    The caller decides who may: it is a permission of staff. It is refused while pages
    or collections are closed to all but this group, or portals require it: nobody could
    open them any more.

    Args:
        group: The group.
        actor: Who does it.

    Raises:
        ActionError: ``in_use``; the message names the pages.
    """

    def __init__(self, *, group: AccessGroup, actor: Actor = None) -> None:
        self.group = group
        self.actor = actor

    def perform(self) -> None:
        group = lock_group(self.group)
        places = [page.title for page in pages_opened_by(group)[: _NAMED + 1]]
        places += [str(place) for place in collections_opened_by(group)[: _NAMED + 1]]
        places += [portal.title for portal in portals_opened_by(group)]
        if places:
            named = [_("“%(title)s”") % {"title": title} for title in places[:_NAMED]]
            if len(places) > _NAMED:
                named.append(_("and others"))
            raise ActionError(
                "in_use",
                _(
                    "“%(name)s” opens %(pages)s. Change who may open them first, then "
                    "delete the group."
                )
                % {"name": group.name, "pages": ", ".join(named)},
            )
        members = group.memberships.values_list("contact", flat=True)
        self.record_for_each(
            Event.Kind.ACCESS_WITHDRAWN,
            sorted(set(members)),
            group=group.pk,
            name=group.name,
        )
        self.record(Event.Kind.ACCESS_GROUP_DELETED, group=group.pk, name=group.name)
        # In this order: a Django group that stands for an access group is not deleted.
        group.delete()
        Group.objects.filter(pk=group.auth_group_id).delete()
