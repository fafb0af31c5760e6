"""The data every system is loaded with: the same for the same size and seed.

Pure standard library, so that it runs in the virtual environment of any system.
"""

from benchmarks.dataset.core import COMMON, MEDIUM, RARE, Dataset
from benchmarks.dataset.records import (
    Agent,
    Article,
    Attachment,
    Category,
    Contact,
    Entry,
    Inbox,
    Organization,
    Ticket,
)

__all__ = [
    "COMMON",
    "MEDIUM",
    "RARE",
    "Agent",
    "Article",
    "Attachment",
    "Category",
    "Contact",
    "Dataset",
    "Entry",
    "Inbox",
    "Organization",
    "Ticket",
]
