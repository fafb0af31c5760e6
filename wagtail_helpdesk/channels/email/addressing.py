"""Which channel a mail is for."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Channel, Inbox, normalise_email


class UnknownRecipient(Exception):
    """No channel has any of the addresses."""


class SeveralChannels(Exception):
    """Nothing says which of the e-mail channels it is; somebody has to set that up."""


def addresses_of(channel: Channel) -> set[str]:
    """The addresses whose mail is for a channel: its own, else its inbox's."""
    own = channel.config.get("addresses") if isinstance(channel.config, dict) else None
    written = own if isinstance(own, list) and own else [channel.inbox.from_email]
    return {normalise_email(str(one)) for one in written if one}


def public_address(inbox: Inbox) -> str:
    """The address that customers may be told to write to; empty if there is none.

    It is the one that the inbox's mails come from, which customers know, and only if a
    channel that is on takes mail for it. A channel's other addresses stay unnamed: they
    may be those that mail is forwarded to.

    Args:
        inbox: The inbox.
    """
    if not inbox.from_email:
        return ""
    wanted = normalise_email(inbox.from_email)
    channels = inbox.channels.filter(type="email", is_enabled=True)
    taken = any(wanted in addresses_of(one) for one in channels)
    return inbox.from_email if taken else ""


def _email_channels() -> list[Channel]:
    channels = Channel.objects.filter(type="email").select_related("inbox")
    return list(channels.order_by("pk"))


def channel_with_id(public_id: str) -> Channel:
    """The e-mail channel with this id.

    Raises:
        SeveralChannels: There is none: the mail has to wait until this is mended.
    """
    for channel in _email_channels():
        if channel.public_id == public_id:
            return channel
    raise SeveralChannels(
        _("There is no e-mail channel with the id “%(id)s”.") % {"id": public_id}
    )


def channel_for(recipients: Iterable[str], *, must_match: bool = True) -> Channel:
    """The e-mail channel of the first address that has one.

    What stands behind a plus sign before the ``@`` does not count (RFC 5233).

    Args:
        recipients: Addresses, the most telling ones first.
        must_match: Whether a site's only e-mail channel gets nothing but mail to its
            addresses.

    Raises:
        UnknownRecipient: ``must_match``, and no channel has any of the addresses.
        SeveralChannels: No channel has any of them, and there is not just one channel.
    """
    channels = _email_channels()
    for recipient in recipients:
        address = normalise_email(recipient)
        local, _at, domain = address.rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        for channel in channels:
            if {address, plain} & addresses_of(channel):
                return channel
    if must_match:
        raise UnknownRecipient(_("No e-mail channel has this address."))
    if len(channels) == 1:
        return channels[0]
    raise SeveralChannels(
        _("Nothing says which e-mail channel this is for. Name it with --channel.")
    )
