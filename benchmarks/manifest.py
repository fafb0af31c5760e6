"""What a loaded system tells the driver, as JSON beside the database.

``benchmarks/.work/<db>/<size>/<system>/manifest.json``, written by each system's
``load.py``. All texts; every path begins with ``/`` and is relative to the system's
address; requests are sent with the header ``Host: 127.0.0.1``::

    {
      "system": "helpdesk", "size": 10000, "seed": 7, "db": "postgres",
      "load_seconds": 12.3,
      "counts": {"tickets": 10000, "messages": 74000, ...},
      "cookie": "sessionid",                     # the name of the session's cookie
      "sessions": {"agent": "<key>", "customer_small": ..., "customer_huge": ...,
                   "customer_group_member": ..., "visitor": ""},
      "csrf": {"cookie": "csrftoken", "field": "csrfmiddlewaretoken",
               "header": "X-CSRFToken", "value": "<32 letters>"},
      "words": {"rare": ..., "medium": ..., "common": ...},
      "ids": {"ticket_50_messages": ..., "stage_open": ..., ...},
      "gets": {"inbox_open": {"session": "agent", "path": "/admin/…", "has": "HD-12"}},
      "posts": {"agent_reply": {"session": "agent", "path": "/admin/…{ticket}/…",
                "pool": "open_tickets", "data": {"text": "Number {n}", ...},
                "status": 302, "files": {}}},
      "pools": {"open_tickets": [{"ticket": "<id>", "conversation": "<id>"}, ...]},
      "mail_threads": [{"number": "9876", "tag": "[HD-9877]", "in_reply_to": "<…>"}],
      "absent": {"inbox_poll": "why"}
    }

``sessions``: the cookie's value; an empty one is nobody. ``csrf``: send ``value`` as
the cookie and as the field; it stays valid as both are the same secret.

``gets``: ``has`` is a text that the answer must hold, with status 200: proof that the
page shows what it should. A workload that needs two requests for what a person sees at
once (a page and its data call) has a second path under ``then``.

``posts``: in ``path`` and in every value of ``data``, ``{n}`` stands for a number that
was not used before in this run and ``{<key>}`` for that key of one entry of the pool,
taken in turn. Where ``alternate`` is given, the keys of its first entry replace those
of the pool's entry the first time that one is taken, its second entry's the second
time, and so on in turn, so that each post changes something. ``status`` is what a
success answers with. Where ``token_from`` is given, the driver first fetches that path
(same session, not measured) and takes the values of the hidden inputs named in
``token_fields`` from it; they are good for the whole run.

``mail_threads`` is for ``benchmarks.mails``, which writes mails for the intake.

``polls``: how a list that is open keeps itself fresh. The driver reads ``page``, takes
each row's ``data-number`` and ``data-version``, and asks ``path`` with ``shown`` (such
as ``12.3-10.1``): with the answer's ``ETag``, for status 304; or, with ``news``, as if
the first row had changed.

Names are the same in all systems, so that workloads pair them; a name that a system
cannot do stands under ``absent`` with the reason:

* agent: ``inbox_open``, ``inbox_mine``, ``inbox_unassigned``, ``inbox_closed``,
  ``inbox_all``, ``inbox_filtered``, ``inbox_deep`` (90 % of all tickets passed),
  ``inbox_results`` (the fragment), ``inbox_poll``, ``search_rare``, ``search_medium``,
  ``search_common``, ``ticket`` (50 messages), ``ticket_longest``; posts ``reply``,
  ``note``, ``stage``
* customer: ``portal_small``, ``portal_huge``, ``portal_huge_deep``,
  ``portal_huge_filtered``, ``portal_huge_search``, ``portal_ticket``; post
  ``portal_reply``
* anybody: ``form`` (the page), ``article``, ``article_signed_in``, ``article_private``,
  ``kb_home``, ``kb_search_rare``, ``kb_search_common``, ``kb_suggest``; posts ``form``,
  ``form_signed_in``
* machines: ``api_list``, ``api_detail``
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

WORK = Path(__file__).resolve().parent / ".work"
#: The double-submit secret: cookie and field are compared with each other only.
CSRF_VALUE = "benchmarkbenchmarkbenchmarkbench"


def folder(*, db: str, size: int, system: str) -> Path:
    """Where a loaded system keeps its manifest and files; made if missing."""
    path = WORK / db / str(size) / system
    path.mkdir(parents=True, exist_ok=True)
    return path


def csrf() -> dict[str, str]:
    """What Django's CSRF check takes without a page being fetched before."""
    return {
        "cookie": "csrftoken",
        "field": "csrfmiddlewaretoken",
        "header": "X-CSRFToken",
        "value": CSRF_VALUE,
    }


def write(content: dict[str, Any]) -> Path:
    """Write a manifest; it names its own place by ``db``, ``size`` and ``system``."""
    place = folder(db=content["db"], size=content["size"], system=content["system"])
    path = place / "manifest.json"
    # In one step: a driver that waits for the file never reads half of it.
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(content, indent=1, sort_keys=True), "utf-8")
    draft.replace(path)
    return path


def read(*, db: str, size: int, system: str) -> dict[str, Any]:
    """The manifest of a loaded system.

    Raises:
        FileNotFoundError: It has not been loaded.
    """
    path = WORK / db / str(size) / system / "manifest.json"
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content
