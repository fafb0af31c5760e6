"""``manage.py helpdesk_receive_mail``: one message on standard input, for MTAs."""

from __future__ import annotations

import logging
import os
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from wagtail_helpdesk import intake
from wagtail_helpdesk.channels.email.addressing import (
    SeveralChannels,
    UnknownRecipient,
    channel_for,
    channel_with_id,
)
from wagtail_helpdesk.channels.email.parsing import parse_email
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Channel

logger = logging.getLogger("wagtail_helpdesk.intake")

#: Seconds the mail server waits for what may be done later just as well.
BUDGET_SECONDS = 5.0


class Command(BaseCommand):
    """Keep a mail, then take it in.

    Ends with the codes of ``sysexits.h``, which mail servers understand. As soon as
    the mail is kept the code is 0, whatever becomes of it afterwards: it must not
    come again for that.
    """

    help = (
        "Receive one mail on standard input. Exit status: 0 kept, 75 try again later, "
        "65 empty or too large, 67 no channel has this address."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--channel",
            metavar="ID",
            help="The id of the e-mail channel, as its address in the admin shows it.",
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="The envelope's recipient; decides the channel if none is named.",
        )
        parser.add_argument(
            "--sender", default="", metavar="ADDRESS", help="The envelope's sender."
        )
        parser.add_argument(
            "--store-only",
            action="store_true",
            help="Leave the rest to helpdesk_worker or helpdesk_tick.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, keep, take in."""
        try:
            raw = sys.stdin.buffer.read(helpdesk_settings.MAX_RECEIPT_BYTES + 1)
            if not raw.strip():
                self._end(os.EX_DATAERR, "The mail is empty.")
            channel = self._channel(raw, options)
            envelope = {
                "recipients": options["recipient"],
                "sender": options["sender"],
            }
            intake.store(channel, raw, headers=envelope)
        except intake.TooLarge as error:
            self._end(os.EX_DATAERR, str(error))
        except UnknownRecipient as error:
            self._end(os.EX_NOUSER, str(error))
        except SeveralChannels as error:
            self._end(os.EX_TEMPFAIL, str(error))
        except Exception as error:
            # Whatever it is, the mail server keeps the mail and tries again.
            logger.exception("A mail could not be kept")
            self._end(os.EX_TEMPFAIL, f"{type(error).__name__}: {error}")
        if not options["store_only"]:
            self._take_in()

    def _channel(self, raw: bytes, options: dict[str, Any]) -> Channel:
        if options["channel"]:
            return channel_with_id(options["channel"])
        if options["recipient"]:
            return channel_for(options["recipient"])
        mail = parse_email(raw)
        named = [*mail.delivered_to, *(one.email for one in (*mail.to, *mail.cc))]
        return channel_for(named, must_match=False)

    def _take_in(self) -> None:
        try:
            intake.run_due(budget_seconds=BUDGET_SECONDS)
        except DatabaseError:
            # The mail is kept: whoever passes next takes it in.
            logger.exception("A mail is kept and will be taken in later")

    def _end(self, code: int, reason: str) -> NoReturn:
        self.stderr.write(reason)
        sys.exit(code)
