"""A search finds what is one's own and nothing else, given the index a worker keeps.

The walk of ``test_canary`` would also be clean if searches found nothing.
"""

from __future__ import annotations

from django.core.cache import cache

from tests.fulltext import index_all, searches
from tests.permissions.test_canary import FORBIDDEN
from tests.permissions.world import World, make_world

PORTAL = "/support/?status=all&q="
INBOX = "/admin/helpdesk/inbox/?view=all&q="
#: What each role finds with which words; ``None``: nothing of anybody.
FOUND = [
    ("ana", f"{PORTAL}canary", "Subject canaryacme"),
    ("ana", f"{PORTAL}reply+canary", "Subject canaryacme"),
    ("ana", f"{PORTAL}notecanary", None),
    ("zoe", f"{PORTAL}canary", "Subject canaryglobex"),
    ("zoe", f"{PORTAL}canaryacme", None),
    ("luis", f"{PORTAL}canary", None),
    ("nobody", f"{PORTAL}canary", None),
    ("agent", f"{INBOX}canary", "Subject canaryacme"),
    ("agent", f"{INBOX}notecanary", "Subject canaryacme"),
    ("agent", f"{INBOX}canaryglobex", None),
    ("agent2", f"{INBOX}canary", "Subject canaryglobex"),
    ("agent2", f"{INBOX}notecanaryacme", None),
]


def found_by(world: World, role: str, url: str) -> str:
    cache.clear()
    answer = world.client(role).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@searches
def test_a_search_finds_what_is_theirs_and_nothing_else() -> None:
    """UX47, UX48."""
    world = make_world()
    index_all()
    for role, url, subject in FOUND:
        text = found_by(world, role, url)
        if subject is None:
            assert "Subject canary" not in text, (role, url)
        else:
            assert subject in text, (role, url)
        typed = url.partition("q=")[2]
        leaks = [word for word in FORBIDDEN[role] if word in text and word not in typed]
        assert not leaks, (role, url, leaks)
