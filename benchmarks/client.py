"""An HTTP client as thin as one can be, so that it does not show in what it times.

One connection at a time, to loopback only. It stays open where the server lets it; a
synchronous gunicorn worker closes it, and the next request opens another one, which is
part of the time of every system alike.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        path: With the query string.
        cookies: Sent as they are.
        form: Fields of a POST; ``None``: a GET.
        headers: More headers.
        status: What a success answers with.
    """

    path: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """What a person waits for at once.

    Attributes:
        requests: Usually one; two for a page with its data call.
        has: A text that one of the answers, or its ``Location``, has to hold: proof
            that the page shows what it should.
    """

    requests: tuple[Request, ...]
    has: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer.

    Attributes:
        status: The HTTP status.
        headers: With names in lower case.
        body: All of it.
        seconds: From before the request to the last byte of the answer.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class WrongAnswer(Exception):
    """An answer that is not the one to be measured, such as a fast error page."""


class Client:
    """Talks to one server.

    Args:
        port: Where it listens.
        host: A loopback address.
        timeout: Seconds until an answer counts as missing.
    """

    def __init__(
        self, port: int, host: str = "127.0.0.1", timeout: float = 120
    ) -> None:
        if host not in _LOOPBACK:
            raise ValueError("The benchmark sends its load to loopback only.")
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout)

    def send(self, request: Request) -> Response:
        """Send a request and read the whole answer; the connection may be reused."""
        method, body = "GET", None
        headers = {"Host": "127.0.0.1", "Accept": "*/*", **request.headers}
        if request.cookies:
            pairs = (f"{name}={value}" for name, value in request.cookies.items())
            headers["Cookie"] = "; ".join(pairs)
        if request.form is not None:
            method, body = "POST", urlencode(request.form).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        began = time.perf_counter()
        try:
            self._connection.request(method, request.path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, OSError) as error:
            self._connection.close()
            raise WrongAnswer(f"{method} {request.path}: {error!r}") from error
        seconds = time.perf_counter() - began
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, found, content, seconds)

    def expect(self, unit: Unit) -> list[Response]:
        """Send all requests of a unit, whose answers must be the right ones.

        Raises:
            WrongAnswer: Another status, or the text that proves the page is missing.
        """
        responses = []
        for request in unit.requests:
            response = self.send(request)
            check_status(request, response)
            responses.append(response)
        check_content(unit, responses)
        return responses

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def check_status(request: Request, response: Response) -> None:
    """See that an answer has the status of a success.

    Raises:
        WrongAnswer: It has another one.
    """
    if response.status != request.status:
        method = "GET" if request.form is None else "POST"
        place = response.headers.get("location", "")
        where = f" to {place}" if place else ""
        raise WrongAnswer(
            f"{method} {request.path} answered {response.status}{where}, "
            f"not {request.status}"
        )


def check_content(unit: Unit, responses: Sequence[Response]) -> None:
    """See that the answers show what they should.

    Raises:
        WrongAnswer: The text that proves it is missing.
    """
    wanted = unit.has.encode()
    for response in responses:
        place = response.headers.get("location", "")
        if wanted in response.body or unit.has in place:
            return
    raise WrongAnswer(f"{unit.requests[0].path}: no {unit.has!r} in it")
