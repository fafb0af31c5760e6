"""People who sign in."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission, User

PASSWORD = "correct horse battery 9"


@pytest.fixture
def make_user(db) -> Callable[..., User]:
    """Make an account: ``make_user("ana@acme.example", verified=True)``."""

    def make(email: str, *, verified: bool = True, admin: bool = False) -> User:
        user = User.objects.create_user(email.replace("@", "-"), email, PASSWORD)
        EmailAddress.objects.create(
            user=user, email=email, verified=verified, primary=True
        )
        if admin:
            user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        return user

    return make


@pytest.fixture
def code_in(mailoutbox) -> Callable[[], str]:
    """The code in the newest mail."""

    def read() -> str:
        found = re.search(r"^([A-Z0-9]{4}-?[A-Z0-9]{4})$", mailoutbox[-1].body, re.M)
        assert found, mailoutbox[-1].body
        return found.group(1)

    return read
