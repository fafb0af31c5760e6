"""A provider's word on a sign-in counts once (security.md 1.3, 1.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from wagtail_helpdesk.access.used_assertions import use_once
from wagtail_helpdesk.models import IdentityProvider, UsedAssertion


def provider(name: str = "Acme") -> IdentityProvider:
    return IdentityProvider.objects.create(
        name=name, server_url="https://login.acme.example/", domains=[]
    )


def soon():
    return timezone.now() + timedelta(minutes=5)


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["_a1", "", "w" * 100_000, "ünï\udc80\x00"])
def test_a_word_counts_once(word):
    row = provider()

    assert [use_once(row, word, soon()) for _turn in range(3)] == [True, False, False]


@pytest.mark.django_db
def test_the_same_word_of_two_providers_is_two_words():
    assert use_once(provider("Acme"), "_a1", soon())
    assert use_once(provider("Globex"), "_a1", soon())


@pytest.mark.django_db
def test_the_transaction_around_it_goes_on():
    row = provider()
    use_once(row, "_a1", soon())

    with transaction.atomic():
        assert not use_once(row, "_a1", soon())
        assert use_once(row, "_a2", soon())


@pytest.mark.django_db
def test_what_expired_is_forgotten_but_only_the_providers_own():
    acme, globex = provider("Acme"), provider("Globex")
    past = timezone.now() - timedelta(seconds=1)
    for row in (acme, globex):
        assert use_once(row, "_old", past)
        assert use_once(row, "_young", soon())

    use_once(acme, "_new", soon())

    assert UsedAssertion.objects.filter(provider=acme).count() == 2
    assert not use_once(acme, "_young", soon())


@pytest.mark.django_db
def test_a_word_that_has_expired_already_counts_once_too():
    row = provider()
    past = timezone.now() - timedelta(seconds=1)

    assert use_once(row, "_old", past)
    assert not use_once(row, "_old", past)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_counts():
    row = provider()
    at_once = Barrier(4)

    def use() -> bool:
        try:
            at_once.wait(timeout=20)
            return use_once(row, "_a1", soon())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = [task.result() for task in [pool.submit(use) for _n in range(4)]]

    assert sorted(answers) == [False, False, False, True]
