"""Counts the queries of a request, only when the request asks for it.

Every measured site has ``benchmarks.probe.QueryCount`` as its first middleware. Timed
requests do not ask, so that counting never disturbs what is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

#: A request with this header is counted.
ASK = "X-Bench-Probe"
#: The answer's header with the number of statements.
QUERIES = "X-Bench-Queries"


class Counter:
    """An execute wrapper that counts statements; ``executemany`` counts once."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


class QueryCount:
    """The middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ASK not in request.headers:
            return self.get_response(request)
        counter = Counter()
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(counter))
            response = self.get_response(request)
        response.headers[QUERIES] = str(counter.count)
        return response
