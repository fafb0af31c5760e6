"""Mail backends that raise what a test names."""

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class ProviderError(Exception):
    """As django-anymail's errors: with the status of the provider's answer."""

    def __init__(self, status_code):
        super().__init__(f"The provider said {status_code}")
        self.status_code = status_code


ERRORS = {
    "ConnectionRefusedError": ConnectionRefusedError(),
    "TimeoutError": TimeoutError(),
    "RuntimeError": RuntimeError("surprise"),
    "ProviderError(429)": ProviderError(429),
    "ProviderError(422)": ProviderError(422),
}


class FailingBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise ERRORS[settings.FAILING_BACKEND_RAISES]
