"""Asks a loaded site everything its manifest names, and says what fails.

``<python of the system> -m benchmarks.sites.verify --system helpdesk --size 1000 --db
postgres [--posts]``, with ``BENCH_DB`` as for loading. Exit status 1 if anything fails.
``--posts`` writes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import traceback
from itertools import count
from typing import Any

from benchmarks import manifest


def main() -> None:
    """Ask and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", required=True)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--db", choices=("postgres", "sqlite"), required=True)
    parser.add_argument("--posts", action="store_true")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"benchmarks.sites.{options.system}.settings"
    import django
    from django.core import signals

    django.setup()
    signals.got_request_exception.connect(_show_exception)
    content = manifest.read(db=options.db, size=options.size, system=options.system)
    failed = [name for name in content["gets"] if not get(content, name)]
    if options.posts:
        failed += [name for name in content["posts"] if not post(content, name)]
    print(f"failed: {', '.join(failed)}" if failed else "all right")
    sys.exit(1 if failed else 0)


def client(content: dict[str, Any], session: str) -> Any:
    """A client with the cookies of a session."""
    from django.test import Client

    made = Client(
        enforce_csrf_checks=True, raise_request_exception=False, HTTP_HOST="127.0.0.1"
    )
    if content["sessions"][session]:
        made.cookies[content["cookie"]] = content["sessions"][session]
    made.cookies[content["csrf"]["cookie"]] = content["csrf"]["value"]
    return made


def get(content: dict[str, Any], name: str) -> bool:
    """Whether a page answers as the manifest says."""
    wanted = content["gets"][name]
    visitor = client(content, wanted["session"])
    paths = [wanted["path"], *([wanted["then"]] if wanted.get("then") else [])]
    text, status, queries = "", 0, 0
    for path in paths:
        response = visitor.get(path, headers={"X-Bench-Probe": "1"})
        status = response.status_code
        queries += int(response.headers.get("X-Bench-Queries", 0))
        body = b"".join(response) if response.streaming else response.content
        text += body.decode("utf-8", "replace")
    right = status == int(wanted.get("status", 200)) and wanted["has"] in text
    mark = "ok " if right else "BAD"
    print(
        f"{mark} {name:28} {status} {queries:4} queries {len(text):8} {paths[0][:70]}"
    )
    return right


def _show_exception(sender: Any, **kwargs: Any) -> None:
    print("".join(traceback.format_exc(limit=-3)))


_numbers = count(1)


def post(content: dict[str, Any], name: str) -> bool:
    """Whether a post succeeds twice."""
    wanted = content["posts"][name]
    visitor = client(content, wanted["session"])
    hidden = {}
    if wanted.get("token_from"):
        page = visitor.get(wanted["token_from"]).content.decode()
        for field in wanted["token_fields"]:
            found = re.search(rf'name="{field}"[^>]*value="([^"]*)"', page)
            hidden[field] = found[1] if found else ""
    right = True
    pool = content["pools"].get(wanted.get("pool", ""), [{}])
    for turn in range(2):
        entry = {"n": str(os.getpid() * 1000 + next(_numbers)), **pool[0]}
        if wanted.get("alternate"):
            entry.update(wanted["alternate"][turn % len(wanted["alternate"])])
        data = {key: _fill(value, entry) for key, value in wanted["data"].items()}
        data.update(hidden)
        data[content["csrf"]["field"]] = content["csrf"]["value"]
        response = visitor.post(
            _fill(wanted["path"], entry), data, headers={"X-Bench-Probe": "1"}
        )
        queries = response.headers.get("X-Bench-Queries", 0)
        done = response.status_code == wanted["status"]
        right = right and done
        where = response.headers.get("Location", "")
        mark = "ok " if done else "BAD"
        print(f"{mark} POST {name:23} {response.status_code} {queries} queries {where}")
    return right


def _fill(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text


if __name__ == "__main__":
    main()
