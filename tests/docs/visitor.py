"""A visitor without JavaScript: follows links, fills in forms by their labels."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.request
from typing import Self
from urllib.parse import urlencode, urljoin

from bs4 import BeautifulSoup, Tag

ANSWER_SECONDS = 30


def _words(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())


class Visitor:
    """One browser window with cookies of its own, on the page it last opened."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self.url = ""
        self.status = 0
        self.page = BeautifulSoup()

    def open(self, url: str, form: list[tuple[str, str]] | None = None) -> Self:
        """Open an address, or send a form to it; redirects are followed."""
        target = urljoin(self.url, url)
        data = urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(target, data=data)
        if self.url:
            request.add_header("Referer", self.url)
        try:
            answer = self._opener.open(request, timeout=ANSWER_SECONDS)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.url, self.status = answer.url, answer.status
            self.page = BeautifulSoup(answer.read(), "html.parser")
        return self

    @property
    def text(self) -> str:
        """All words of the page."""
        return _words(self.page)

    def follow(self, words: str) -> Self:
        """Follow the first link with these words."""
        for link in self.page.find_all("a", href=True):
            if words in _words(link):
                return self.open(str(link["href"]))
        raise AssertionError(f"No link “{words}” on {self.url}")

    def press(self, button: str, answers: dict[str, str] | None = None) -> Self:
        """Fill in the form that has this button, by labels, and press the button.

        Args:
            button: The words on it.
            answers: What to write, by label; "yes" ticks a box.
        """
        form, pressed = self._form_with(button)
        values = self._values(form)
        for label, answer in (answers or {}).items():
            values.update(self._answer(form, label, answer))
        if pressed.get("name"):
            values[str(pressed["name"])] = str(pressed.get("value", ""))
        return self.open(str(form.get("action") or self.url), list(values.items()))

    def _form_with(self, button: str) -> tuple[Tag, Tag]:
        for found in self.page.find_all("button"):
            form = found.find_parent("form")
            if form is not None and _words(found) == button:
                return form, found
        raise AssertionError(f"No button “{button}” on {self.url}")

    @staticmethod
    def _values(form: Tag) -> dict[str, str]:
        """What the browser would send if nobody wrote anything."""
        values = {}
        for field in form.find_all(["input", "select", "textarea"]):
            name, kind = field.get("name"), field.get("type")
            if not name or kind in {"file", "submit"}:
                continue
            if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
                continue
            if field.name == "select":
                chosen = field.find("option", selected=True) or field.find("option")
                values[name] = str(chosen.get("value", "")) if chosen else ""
            elif field.name == "textarea":
                values[name] = field.get_text()
            else:
                values[name] = str(
                    field.get("value", "on" if kind == "checkbox" else "")
                )
        return values

    @staticmethod
    def _answer(form: Tag, label: str, answer: str) -> dict[str, str]:
        for found in form.find_all("label"):
            if _words(found) != label:
                continue
            field = form.find(id=found.get("for")) or found.find("input")
            assert isinstance(field, Tag), f"“{label}” labels nothing"
            ticked = field.get("type") == "checkbox"
            value = str(field.get("value", "on")) if ticked else answer
            return {str(field["name"]): value}
        raise AssertionError(f"No field “{label}” in the form")
