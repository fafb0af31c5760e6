"""What is measured: names, titles and what each is compared with.

A system's manifest says how to ask for a topic; here stands what the topic is. Names of
posts begin with ``post_``, so that a form and its submission are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass

#: The systems in the order they take turns. The first is the one that has targets.
OURS, PEER, FLOOR = "helpdesk", "peer", "floor"
SYSTEMS = (OURS, PEER, FLOOR)
TITLES = {
    OURS: "wagtail-helpdesk",
    PEER: "django-helpdesk",
    FLOOR: "floor",
}
INTAKE = "intake"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that people or machines do.

    Attributes:
        name: As in the manifests; posts with ``post_`` before it.
        group: The heading it stands under.
        title: What it is, for a reader.
        floor: Topic of the floor that it is compared with, if any.
    """

    name: str
    group: str
    title: str
    floor: str = ""


_FLOOR = "Floor"
_AGENT = "Agents"
_CUSTOMER = "Customers"
_ANYBODY = "Visitors"
_MACHINE = "Machines"

TOPICS: tuple[Topic, ...] = (
    Topic("hello", _FLOOR, "Hello-world view"),
    Topic("orm_list", _FLOOR, "25 rows through the ORM as JSON"),
    Topic("bare_page", _FLOOR, "Wagtail page with a body, anonymous"),
    Topic("bare_page_signed_in", _FLOOR, "Wagtail page with a body, signed in"),
    Topic("bare_page_private", _FLOOR, "Private Wagtail page, member of the group"),
    Topic("form_page", _FLOOR, "Wagtail form page"),
    Topic("post_form_page", _FLOOR, "Wagtail form page, submission"),
    Topic("shell", _FLOOR, "Empty admin view (shell)"),
    Topic("shell_list", _FLOOR, "Shell + ideal list"),
    *(
        Topic(
            f"shell_search_{word}_{order}",
            _FLOOR,
            f"Shell + ideal search, {word} word, {order} first",
        )
        for order in ("newest", "best")
        for word in ("rare", "medium", "common")
    ),
    *(
        Topic(f"inbox_{view}", _AGENT, f"Inbox: {title}", "shell_list")
        for view, title in (
            ("open", "open, first page"),
            ("mine", "mine, first page"),
            ("unassigned", "unassigned, first page"),
            ("closed", "closed, first page"),
            ("all", "all, first page"),
            ("filtered", "filtered"),
            ("deep", "all, deep page"),
            ("open_deep", "open, deep page"),
            ("closed_deep", "closed, deep page"),
            ("results", "the list fragment alone"),
            ("results_deep", "the list fragment alone, deep page"),
        )
    ),
    Topic("inbox_poll", _AGENT, "Inbox: poll, nothing new", "hello"),
    Topic("inbox_poll_new", _AGENT, "Inbox: poll, one new", "shell_list"),
    *(
        Topic(
            f"search_{word}{suffix}",
            _AGENT,
            f"Search: {word} word, {order} first",
            f"shell_search_{word}_{order}",
        )
        for suffix, order in (("", "newest"), ("_best", "best"))
        for word in ("rare", "medium", "common")
    ),
    *(
        Topic(
            f"search_{word}_results",
            _AGENT,
            f"Search: {word} word, the list fragment alone",
            f"shell_search_{word}_newest",
        )
        for word in ("rare", "medium", "common")
    ),
    Topic("ticket", _AGENT, "Ticket with 50 messages", "shell"),
    Topic("ticket_longest", _AGENT, "Ticket with 200 messages", "shell"),
    Topic("post_reply", _AGENT, "Reply", "post_form_page"),
    Topic("post_note", _AGENT, "Note", "post_form_page"),
    Topic("post_stage", _AGENT, "Change of stage", "post_form_page"),
    *(
        Topic(f"portal_{name}", _CUSTOMER, title, "bare_page_signed_in")
        for name, title in (
            ("small", "Own tickets, small organization"),
            ("huge", "Tickets of a huge organization"),
            ("huge_deep", "Tickets of a huge organization, deep page"),
            ("huge_filtered", "Tickets of a huge organization, filtered"),
            ("huge_search", "Tickets of a huge organization, search"),
            ("ticket", "Own ticket"),
        )
    ),
    Topic("post_portal_reply", _CUSTOMER, "Customer's reply", "post_form_page"),
    Topic("form", _ANYBODY, "Support form", "form_page"),
    Topic("post_form", _ANYBODY, "Submission, anonymous", "post_form_page"),
    Topic("post_form_signed_in", _ANYBODY, "Submission, signed in", "post_form_page"),
    Topic("article", _ANYBODY, "Article, anonymous", "bare_page"),
    Topic("article_signed_in", _ANYBODY, "Article, signed in", "bare_page_signed_in"),
    Topic("article_private", _ANYBODY, "Private article, member", "bare_page_private"),
    Topic(
        "article_private_refused",
        _ANYBODY,
        "Private article, not a member",
        "bare_page_private",
    ),
    Topic("kb_home", _ANYBODY, "Knowledge base, home page", "bare_page"),
    Topic("kb_search_rare", _ANYBODY, "Article search, rare word", "bare_page"),
    Topic("kb_search_common", _ANYBODY, "Article search, common word", "bare_page"),
    Topic("kb_suggest", _ANYBODY, "Article suggestions", "hello"),
    Topic("api_list", _MACHINE, "API: list of 25", "orm_list"),
    Topic("api_detail", _MACHINE, "API: one ticket", "orm_list"),
    Topic(INTAKE, _MACHINE, "Mail taken in, for each message"),
    Topic("intake_all", _MACHINE, "The same, with the mails and index it causes"),
)
BY_NAME = {topic.name: topic for topic in TOPICS}


def topic(name: str) -> Topic:
    """The topic of this name; one that only a manifest knows is under "Other"."""
    return BY_NAME.get(name) or Topic(name, "Other", name.replace("_", " "))
