"""Turns what the manifests say into workloads: units of requests with fresh tokens."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from html.parser import HTMLParser
from typing import Any

from benchmarks.catalog import TOPICS, topic
from benchmarks.client import Request, Unit, WrongAnswer
from benchmarks.measure import System, Workload

#: A row of our list, as its script finds it.
_SHOWN = re.compile(r'data-number="(\d+)" data-version="(\d+)"')
#: Numbers that no write used before, in this run or an earlier one.
_numbers: Iterator[int] = itertools.count(int(time.time() * 10))


class _Inputs(HTMLParser):
    """The names and values of a page's inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an input holds; the first of a name wins."""
        found = dict(attrs)
        name = found.get("name")
        if tag == "input" and name:
            self.values.setdefault(name, found.get("value") or "")


def inputs(html: str) -> dict[str, str]:
    """The names and values of all inputs of a page."""
    parser = _Inputs()
    parser.feed(html)
    return parser.values


def workloads_of(system: System, manifest: Mapping[str, Any]) -> dict[str, Workload]:
    """All workloads of a system by topic."""
    made = {}
    for name, get in manifest.get("gets", {}).items():
        made[name] = Workload(name, system, _get_units(system, manifest, get))
    for name, poll in manifest.get("polls", {}).items():
        made[name] = Workload(name, system, _poll_units(system, manifest, poll))
    for name, post in manifest.get("posts", {}).items():
        units = _post_units(system, manifest, post)
        made[f"post_{name}"] = Workload(f"post_{name}", system, units, writes=True)
    return made


def absent_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Topics that a system cannot do, with the reason."""
    posts = {"reply", "note", "stage", "portal_reply", "form_signed_in"}
    return {
        f"post_{name}" if name in posts else name: reason
        for name, reason in manifest.get("absent", {}).items()
    }


def _cookies(manifest: Mapping[str, Any], session: str) -> dict[str, str]:
    csrf = manifest["csrf"]
    cookies = {csrf["cookie"]: csrf["value"]}
    if key := manifest["sessions"].get(session, ""):
        cookies[manifest["cookie"]] = key
    return cookies


def _get_units(
    system: System, manifest: Mapping[str, Any], get: Mapping[str, Any]
) -> Callable[[int], list[Unit]]:
    cookies = _cookies(manifest, get["session"])
    paths = [get["path"], *([get["then"]] if get.get("then") else [])]
    requests = [
        Request(
            path=path,
            cookies=cookies,
            headers=get.get("headers", {}),
            status=int(get.get("status", 200)),
        )
        for path in paths
    ]
    unit = Unit(tuple(requests), has=get.get("has", ""))
    return lambda count: [unit] * count


def _poll_units(
    system: System, manifest: Mapping[str, Any], poll: Mapping[str, Any]
) -> Callable[[int], list[Unit]]:
    """News of a list, asked for as the page's script does: none, or of one row.

    The list is read anew for each turn, so that what was written in between is no news.
    """
    cookies = _cookies(manifest, poll["session"])
    page = Request(poll["page"], cookies=cookies)

    def units(count: int) -> list[Unit]:
        html = system.client.expect(Unit((page,)))[0].body.decode()
        shown = _SHOWN.findall(html)
        if not shown:
            raise WrongAnswer(f"{page.path}: no rows with number and version")
        if poll["news"]:
            # As if the first row had been written to since.
            shown[0] = (shown[0][0], str(int(shown[0][1]) + 1))
        text = "-".join(f"{number}.{version}" for number, version in shown)
        mark = "&" if "?" in poll["path"] else "?"
        ask = Request(f"{poll['path']}{mark}shown={text}", cookies=cookies)
        if poll["news"]:
            return [Unit((ask,), has=f'data-number=\\"{shown[0][0]}\\"')] * count
        etag = system.client.expect(Unit((ask,)))[0].headers.get("etag", "")
        headers = {"If-None-Match": etag}
        return [Unit((replace(ask, headers=headers, status=304),))] * count

    return units


def _post_units(
    system: System, manifest: Mapping[str, Any], post: Mapping[str, Any]
) -> Callable[[int], list[Unit]]:
    cookies = _cookies(manifest, post["session"])
    csrf = manifest["csrf"]
    pool = manifest.get("pools", {}).get(post.get("pool", ""), [])
    entries = _turns(pool or [{}], post.get("alternate") or [{}])
    tokens: dict[str, str] = {}

    def unit() -> Unit:
        entry, number = next(entries), next(_numbers)
        fill = _filler(entry, number)
        form = {name: fill(str(value)) for name, value in post["data"].items()}
        form.update(tokens)
        form[csrf["field"]] = csrf["value"]
        request = Request(
            path=fill(post["path"]),
            cookies=cookies,
            form=form,
            headers=post.get("headers", {}),
            status=int(post.get("status", 302)),
        )
        return Unit((request,), has=fill(post.get("has", "")))

    def units(count: int) -> list[Unit]:
        if post.get("pool") and not pool:
            raise WrongAnswer(f"no ticket is there for {post['path']}")
        if post.get("token_from") and not tokens:
            request = Request(post["token_from"], cookies=cookies)
            page = system.client.expect(Unit((request,)))[0].body.decode()
            found = inputs(page)
            missing = [name for name in post["token_fields"] if name not in found]
            if missing:
                raise WrongAnswer(f"{request.path}: no input {', '.join(missing)}")
            tokens.update({name: found[name] for name in post["token_fields"]})
        return [unit() for _ in range(count)]

    return units


def _turns(
    pool: Sequence[Mapping[str, Any]], alternate: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The pool again and again, each time with what is different from the last."""
    for change in itertools.cycle(alternate):
        for entry in pool:
            yield {**entry, **change}


def _filler(entry: Mapping[str, Any], number: int) -> Callable[[str], str]:
    def fill(text: str) -> str:
        for key, value in entry.items():
            text = text.replace(f"{{{key}}}", str(value))
        return text.replace("{n}", str(number))

    return fill


def is_wanted(name: str, only: str) -> bool:
    """Whether ``only`` asks for a topic; posts also answer to their name alone.

    Args:
        name: The topic's name.
        only: Patterns such as ``inbox_*``, parted by commas; an empty one takes all.
    """
    patterns = [pattern.strip() for pattern in only.split(",") if pattern.strip()]
    names = (name, name.removeprefix("post_"))
    return not patterns or any(fnmatch(n, p) for n in names for p in patterns)


def chosen(names: set[str], only: str) -> list[str]:
    """Topics that ``only`` asks for, with those they are compared with, in order.

    Args:
        names: All topics that some system has, or says it has not.
        only: Patterns, as for ``is_wanted``.
    """
    wanted = {name for name in names if is_wanted(name, only)}
    wanted |= {topic(name).floor for name in wanted} - {""}
    order = [entry.name for entry in TOPICS]
    known = [name for name in order if name in wanted]
    return known + sorted(wanted - set(order))
