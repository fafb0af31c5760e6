"""Members of an access group are read from a list of addresses."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.actions.access_accounts import chunks, sync_accounts
from wagtail_helpdesk.actions.access_memberships import (
    insert_members,
    lock_group,
    without_row,
)
from wagtail_helpdesk.actions.base import Action, Actor, announced_together
from wagtail_helpdesk.actions.resolve_contact import ResolveContact
from wagtail_helpdesk.actions.together import written_together
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import (
    AccessGroup,
    AccessMembership,
    Identity,
    normalise_email,
)

#: Longest list that is read.
MAX_LINES = 10_000
_ADDRESS_HEADINGS = {"email", "e-mail", "mail", "address", "email address"}
_NAME_HEADINGS = {"name", "full name"}
_SOURCE = AccessMembership.Source.IMPORT


@dataclass(slots=True)
class ImportedLine:
    """What became of a line.

    Attributes:
        number: Of the line in the file; the first is 1.
        address: What stands there as the address.
        name: The name beside it, or empty.
        outcome: An ``ImportedLine.Outcome``.
    """

    class Outcome(models.TextChoices):
        """What can become of a line."""

        ADDED = "added", gettext_lazy("Added")
        CREATED = "created", gettext_lazy("Made a contact and added")
        MEMBER = "member", gettext_lazy("Imported before")
        REPEATED = "repeated", gettext_lazy("Repeats a line above")
        UNKNOWN = "unknown", gettext_lazy("No contact has this address")
        INVALID = "invalid", gettext_lazy("No e-mail address")

    number: int
    address: str
    name: str = ""
    outcome: Outcome = Outcome.INVALID


class ImportAccessMembers(Action[list[ImportedLine]]):
    """Make the contacts behind a list of addresses members of an access group.

    The caller decides who may. The list is CSV with comma, semicolon or tab: the first
    column holds the addresses, or one headed ``email``; one headed ``name`` holds
    names. A second import of the same list changes nothing.

    Args:
        group: The group.
        text: The list.
        create_contacts: Whether an unknown address makes a new contact; off, it is
            reported.
        actor: Who does it.

    Returns:
        Each line that is not empty, with what became of it.

    Raises:
        ActionError: ``too_many_lines``, ``bad_csv`` or ``empty``.
    """

    def __init__(
        self,
        *,
        group: AccessGroup,
        text: str,
        create_contacts: bool = False,
        actor: Actor = None,
    ) -> None:
        self.group = group
        self.text = text
        self.create_contacts = create_contacts
        self.actor = actor

    def execute(self, *, skip_permission_checks: bool = False) -> list[ImportedLine]:
        try:
            return super().execute(skip_permission_checks=skip_permission_checks)
        except IntegrityError:
            # One of them wrote to us at this moment; now the address is known.
            return super().execute(skip_permission_checks=skip_permission_checks)

    def perform(self) -> list[ImportedLine]:
        lines = list(_lines(self.text))
        if not lines:
            raise ActionError(
                "empty", _("There is no line with an address in it."), field="file"
            )
        group = lock_group(self.group)
        wanted = _different_addresses(lines)
        contacts = _contacts_behind(list(wanted))
        if self.create_contacts:
            created = self._create(
                [line for line in wanted.values() if line.address not in contacts]
            )
            contacts |= created
        new = set(without_row(group, list(contacts.values()), _SOURCE))
        for address, line in wanted.items():
            if address not in contacts:
                line.outcome = ImportedLine.Outcome.UNKNOWN
            elif line.outcome != ImportedLine.Outcome.CREATED:
                line.outcome = (
                    ImportedLine.Outcome.ADDED
                    if contacts[address] in new
                    else ImportedLine.Outcome.MEMBER
                )
        insert_members(self, group, sorted(new), _SOURCE)
        sync_accounts(group=group, contacts=new)
        return lines

    def _create(self, lines: list[ImportedLine]) -> dict[str, int]:
        """New contacts for these lines: key by address."""
        resolving = [ResolveContact(email=one.address, name=one.name) for one in lines]
        found: dict[str, int] = {}
        with announced_together(type(self)), written_together():
            for some in chunks(resolving):
                made = ResolveContact.create_all(some)
                found |= {contact.email: contact.pk for contact in made}
        for line in lines:
            line.outcome = ImportedLine.Outcome.CREATED
        return found


def _lines(text: str) -> Iterator[ImportedLine]:
    text = text.lstrip("\ufeff").replace("\x00", "")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    address_at, name_at = 0, -1
    is_first = True
    count = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if is_first:
                is_first = False
                heads = [cell.casefold() for cell in cells]
                found = [n for n, head in enumerate(heads) if head in _ADDRESS_HEADINGS]
                if found:
                    address_at = found[0]
                    named = [
                        n for n, head in enumerate(heads) if head in _NAME_HEADINGS
                    ]
                    name_at = named[0] if named else -1
                    continue
            count += 1
            if count > MAX_LINES:
                raise ActionError(
                    "too_many_lines",
                    _("The list has more than 10,000 lines. Divide it."),
                    field="file",
                )
            address = cells[address_at] if address_at < len(cells) else ""
            name = cells[name_at] if 0 <= name_at < len(cells) else ""
            yield ImportedLine(reader.line_num, address, name)
    except csv.Error as error:
        raise ActionError(
            "bad_csv",
            _("Line %(number)s cannot be read as CSV.") % {"number": reader.line_num},
            field="file",
        ) from error


def _different_addresses(lines: list[ImportedLine]) -> dict[str, ImportedLine]:
    """The first line of each address, under its normal form, which the line takes."""
    wanted: dict[str, ImportedLine] = {}
    for line in lines:
        address = normalise_email(line.address)
        if not _is_address(address):
            line.address = line.address[:254]
            continue
        line.address = address
        if address in wanted:
            line.outcome = ImportedLine.Outcome.REPEATED
        else:
            wanted[address] = line
    return wanted


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _contacts_behind(addresses: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(addresses):
        identities = Identity.objects.filter(kind=Identity.Kind.EMAIL, value__in=some)
        found.update(identities.values_list("value", "contact"))
    return found
