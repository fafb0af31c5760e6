"""What takes time while a request is answered, counted."""

from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail


class CountingHasher(MD5PasswordHasher):
    """Counts how many passwords were hashed."""

    algorithm = "counting"
    count = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.count += 1
        return super().encode(password, salt)


class CountingMiddleware:
    """Notes for each request how many mails were sent before its answer was ready."""

    mails: ClassVar[list[int]] = []

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        before = len(mail.outbox)
        response = self.get_response(request)
        self.mails.append(len(mail.outbox) - before)
        return response
