"""Load the demo: Northwind Devices with its articles, customers and conversations."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from example_site.demo.loading import load_demo
from example_site.demo.people import EVERYONE, PASSWORD
from example_site.demo.resetting import reset_demo


class Command(BaseCommand):
    """``load_demo``: a second run changes nothing; ``--reset`` starts afresh."""

    help = "Loads the demo content, as far as it is not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="Delete all pages, tickets and accounts of the demo first.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if options["reset"]:
            reset_demo()
        made = load_demo()
        if options["verbosity"] < 1:
            return
        seconds = time.monotonic() - started
        state = "Loaded" if made else "Nothing to do: already loaded"
        self.stdout.write(self.style.SUCCESS(f"{state} ({seconds:.1f} s)."))
        width = max(len(person.email) for person in EVERYONE)
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for person in EVERYONE:
            self.stdout.write(f"  {person.email:<{width}}  {person.role}")
