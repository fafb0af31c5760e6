"""Who may do what, as data: one row a URL, the answer for each role.

A URL of ours that has no row here fails the run, so a new view cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from tests.permissions.world import ROLES, World
from wagtail_helpdesk import models
from wagtail_helpdesk.access.guest_links import Use
from wagtail_helpdesk.access.guest_links import token_for as token_of_guest
from wagtail_helpdesk.access.invitations import token_for

CUSTOMERS = frozenset({"nobody", "ana", "luis", "zoe"})
EVERYBODY = frozenset(ROLES)
AGENTS = frozenset({"agent", "agent2", "admin"})
#: Agents of the first inbox; the others must not learn that its tickets exist.
ACME_DESK = frozenset({"agent", "admin"})
ADMIN = frozenset({"admin"})
STAFF = frozenset({"agent", "agent2", "editor", "admin"})

#: What a role is told that may not: see ``test_matrix.told``.
SIGN_IN, DENIED, MISSING = "sign in", "denied", "missing"
#: The same for a script, which no page would help.
SIGN_IN_SCRIPT = "status 401"


@dataclass(frozen=True)
class Row:
    """A URL and who gets in.

    Attributes:
        name: The pattern's name.
        url: Makes the address, given the world.
        allowed: The roles that get in.
        others: What every other role is told; those not named get ``DENIED``, and
            whoever is not signed in is asked to sign in.
        reads_only: Whether only reading is tried by those who get in.
    """

    name: str
    url: Callable[[World], str]
    allowed: frozenset[str]
    others: dict[str, str] = field(default_factory=dict)
    reads_only: bool = False

    def expected(self, role: str) -> str:
        """What a role that may not is told."""
        if role in self.others:
            return self.others[role]
        return SIGN_IN if role == "anonymous" else DENIED


def _workspace() -> Iterable[Row]:
    """The agents' workspace."""

    def row(name: str, allowed: frozenset[str] = AGENTS, **kwargs: Any) -> Row:
        full = f"wagtail_helpdesk_admin:{name}"
        return Row(full, lambda world: reverse(full), allowed, **kwargs)

    for name in (
        "inbox",
        "inbox_results",
        "inbox_tags",
        "inbox_export",
        "inbox_bulk",
        "save_view",
    ):
        yield row(name)
    poll = "wagtail_helpdesk:inbox_poll"
    yield Row(poll, lambda world: reverse(poll), AGENTS)
    for name in ("trash", "contacts", "organizations", "incoming"):
        yield row(name)
    yield row("organization_add", ADMIN)
    yield row("setup", ADMIN)
    yield row("access_groups", ADMIN)
    yield row("access_group_add", ADMIN)
    # Only a superuser who is no agent yet becomes one; the administrator here is one.
    yield row("become_agent", ADMIN)

    def of_acme(name: str, **kwargs: Callable[[World], Any]) -> Row:
        full = f"wagtail_helpdesk_admin:{name}"
        make = kwargs or {"public_id": lambda world: world.acme.ticket.public_id}

        def url(world: World) -> str:
            return reverse(full, kwargs={key: of(world) for key, of in make.items()})

        return Row(full, url, ACME_DESK, others={"agent2": MISSING})

    def ticket(world: World) -> str:
        return world.acme.ticket.public_id

    for name in (
        "ticket",
        "ticket_customer_view",
        "ticket_history",
        "compose",
        "ticket_properties",
        "ticket_subject",
        "ticket_take",
        "ticket_close",
        "ticket_follow",
        "ticket_participants",
        "ticket_trash",
        "ticket_merge",
        "ticket_unmerge",
    ):
        yield of_acme(name)
    yield of_acme("restore", public_id=lambda world: world.acme.trashed.public_id)
    yield of_acme(
        "undo_send",
        public_id=ticket,
        message_id=lambda world: world.acme.reply.public_id,
    )
    yield of_acme(
        "retry_delivery",
        public_id=ticket,
        token=lambda world: world.acme.reply.deliveries.get().token,
    )
    for name in ("close", "reopen", "trash", "restore"):
        yield of_acme(
            f"conversation_{name}",
            public_id=ticket,
            conversation_id=lambda world: world.acme.conversation.public_id,
        )
    for name in ("view_as_start", "contact_sees"):
        full = f"wagtail_helpdesk_admin:{name}"
        # A permission of its own; agents without it do not get as far as the contact.
        yield Row(
            full,
            lambda world, full=full: reverse(full, args=[world.acme.contact.public_id]),
            ADMIN,
        )
    yield row("view_as_stop")
    yield of_acme("contact", public_id=lambda world: world.acme.contact.public_id)
    yield of_acme(
        "organization", public_id=lambda world: world.acme.organization.public_id
    )
    membership = "wagtail_helpdesk_admin:membership"
    yield Row(
        membership,
        lambda world: reverse(
            membership,
            args=[world.acme.organization.public_id, world.acme.contact.public_id],
        ),
        ADMIN,
        others={"agent2": MISSING},
    )
    for name in ("incoming_retry", "incoming_raw"):
        yield of_acme(name, pk=lambda world: world.acme.receipt.pk)
    for name in (
        "access_group",
        "access_group_edit",
        "access_group_import",
        "access_group_recompute",
        "access_group_delete",
        "access_group_remove",
        "access_group_invitation",
        "access_group_invite",
        "access_group_invite_member",
    ):
        yield _about_access_group(f"wagtail_helpdesk_admin:{name}")
    yield of_acme("delete_view", pk=lambda world: world.rows[models.SavedView].pk)


def _about_access_group(name: str) -> Row:
    """Whoever may change access groups sees all of them; nobody else any."""

    def url(world: World) -> str:
        args = [world.rows[models.AccessGroup].public_id]
        if name.endswith(("_remove", "_invite_member")):
            args.append(world.acme.contact.public_id)
        return reverse(name, args=args)

    return Row(name, url, ADMIN)


_PK = (
    "edit",
    "delete",
    "usage",
    "history",
    "history_results",
)
_SNIPPETS = (
    models.SupportForm,
    models.CannedReply,
    models.EmailTemplate,
    models.StageLabel,
    models.TicketProperty,
)
_STREAMS = {models.SupportForm, models.TicketProperty}
_SETTINGS = (
    models.BusinessCalendar,
    models.Inbox,
    models.Agent,
    models.Team,
    models.Channel,
    models.Pipeline,
    models.Stage,
    models.Tag,
    models.IdentityProvider,
    models.Appearance,
)


def _generic() -> Iterable[Row]:
    """Wagtail's generic views over our settings: for those with the permission."""

    def row(name: str, model: Any, allowed: frozenset[str], *path: str) -> Row:
        def url(world: World) -> str:
            instance = world.rows[model]
            if "revision_id" in path:
                return reverse(name, args=[instance.pk, instance.latest_revision_id])
            if "revisions" in path:
                return reverse(name, args=[instance.pk, "earliest", "latest"])
            return reverse(name, args=[instance.pk] if "pk" in path else [])

        # Wagtail's own forms trip over a POST that is no form of theirs: a chooser
        # without a form to make one in, and a StreamField without its counts.
        reads_only = name.endswith((":create", ":revisions_revert")) or (
            model in _STREAMS and name.endswith((":add", ":edit", ":copy"))
        )
        return Row(name, url, allowed, reads_only=reads_only)

    for model in _SNIPPETS:
        space = f"wagtailsnippets_wagtail_helpdesk_{model._meta.model_name}"
        for name in ("list", "list_results", "add"):
            yield row(f"{space}:{name}", model, ADMIN)
        for name in (*_PK, "copy"):
            yield row(f"{space}:{name}", model, ADMIN, "pk")
        # The chooser of a page's editor: names of settings, nothing of a customer.
        space = f"wagtailsnippetchoosers_wagtail_helpdesk_{model._meta.model_name}"
        for name in ("choose", "choose_results", "chosen_multiple"):
            yield row(f"{space}:{name}", model, STAFF)
        yield row(f"{space}:create", model, ADMIN)
        yield row(f"{space}:chosen", model, STAFF, "pk")
    space = "wagtailsnippets_wagtail_helpdesk_supportform"
    for name in ("preview_on_edit", "unpublish"):
        yield row(f"{space}:{name}", models.SupportForm, ADMIN, "pk")
    yield row(f"{space}:preview_on_add", models.SupportForm, ADMIN)
    for name in ("view", "revert", "unschedule"):
        full = f"{space}:revisions_{name}"
        yield row(full, models.SupportForm, ADMIN, "revision_id")
    yield row(f"{space}:revisions_compare", models.SupportForm, ADMIN, "revisions")
    for model in _SETTINGS:
        space = f"helpdesk_{model._meta.model_name}"
        for name in ("index", "index_results", "add"):
            yield row(f"{space}:{name}", model, ADMIN)
        for name in _PK:
            yield row(f"{space}:{name}", model, ADMIN, "pk")

    for name in ("preview", "sample"):
        yield row(f"helpdesk_appearance:{name}", models.Appearance, ADMIN, "pk")

    def kind(world: World) -> str:
        protocol = world.rows[models.IdentityProvider].protocol
        return reverse("helpdesk_identityprovider:add_kind", args=[protocol])

    yield Row("helpdesk_identityprovider:add_kind", kind, ADMIN)


def _password_address(model: Any, world: World) -> str:
    """Where the shared password of a page or a collection is given."""
    restriction = world.rows[model]
    if model is PageViewRestriction:
        name = "wagtailcore_authenticate_with_password"
        return reverse(name, args=[restriction.pk, restriction.page_id])
    return reverse("wagtaildocs_authenticate_with_password", args=[restriction.pk])


def _public() -> Iterable[Row]:
    """What visitors and customers open."""
    acme_readers = frozenset({"ana", "agent", "admin"})
    # A visitor is led to the sign-in, whether or not there is such a file.
    hidden = dict.fromkeys(EVERYBODY - acme_readers, MISSING) | {"anonymous": SIGN_IN}

    def file(world: World) -> str:
        return reverse(
            "wagtail_helpdesk:attachment", args=[world.acme.attachment.public_id]
        )

    def named_file(world: World) -> str:
        attachment = world.acme.attachment
        return reverse(
            "wagtail_helpdesk:attachment",
            args=[attachment.public_id, attachment.name],
        )

    def note_file(world: World) -> str:
        return reverse(
            "wagtail_helpdesk:attachment", args=[world.acme.note_file.public_id]
        )

    images = get_image_model()
    for route, model in (
        ("images/", images.get_rendition_model()),
        ("original_images/", images),
        ("documents/", get_document_model()),
    ):
        yield Row(
            f"media/{route}<path:name>",
            lambda world, model=model: world.rows[model].file.url,
            frozenset({"ana", "admin"}),
            dict.fromkeys(EVERYBODY, MISSING),
        )
    yield Row("wagtail_helpdesk:attachment", file, acme_readers, hidden)
    yield Row("wagtail_helpdesk:attachment", named_file, acme_readers, hidden)
    notes = dict.fromkeys(EVERYBODY - ACME_DESK, MISSING) | {"anonymous": SIGN_IN}
    yield Row("wagtail_helpdesk:attachment", note_file, ACME_DESK, notes)
    for name in ("color_scheme", "set_language", "invitation_renew"):
        full = f"wagtail_helpdesk:{name}"
        yield Row(full, lambda world, full=full: reverse(full), EVERYBODY)
    theme = "wagtail_helpdesk:theme"

    def theme_url(world: World) -> str:
        site = world.rows[models.Appearance].site_id
        return reverse(theme, args=[site, "0123456789abcdef"])

    yield Row(theme, theme_url, EVERYBODY)
    session = "wagtail_helpdesk:session"
    yield Row(
        session,
        lambda world: reverse(session),
        EVERYBODY - {"anonymous"},
        {"anonymous": SIGN_IN_SCRIPT},
    )
    view_as = "wagtail_helpdesk:view_as"
    nobody = dict.fromkeys(EVERYBODY, MISSING)
    yield Row(view_as, lambda world: reverse(view_as), frozenset(), nobody)
    # Whoever is signed in is led on, and with a way back told that it is shut.
    leads = "wagtail_helpdesk:sign_in"
    yield Row(leads, lambda world: reverse(leads), EVERYBODY - {"anonymous"})
    yield Row(leads, lambda world: f"{reverse(leads)}?next=/help/", frozenset())

    def tokens(name: str, world: World) -> str:
        row, _new = models.IdentityProvider.objects.get_or_create(
            name="Tokens",
            protocol=models.IdentityProvider.Protocol.JWT,
            server_url="https://intranet.tokens.example",
            domains=["tokens.example"],
        )
        return reverse(name, args=[f"hd-{row.public_id}"])

    # Where somebody who is not signed in yet comes from and goes to.
    for name in ("login", "token", "finish"):
        full = f"helpdesk_jwt_{name}"
        yield Row(full, partial(tokens, full), EVERYBODY)
    # What a provider that is there answers, and to whom, is told in tests/sso.
    for name in ("login", "acs", "finish", "sls", "metadata"):
        full = f"helpdesk_saml_{name}"
        yield Row(
            full,
            lambda world, full=full: reverse(full, args=["hd-missing"]),
            frozenset(),
            nobody,
        )

    def invitation(world: World) -> str:
        delivery = world.rows[models.AccessInvitation].delivery
        token = token_for(delivery.token)
        return reverse("wagtail_helpdesk:invitation", args=[token])

    # For somebody who has no account yet.
    yield Row("wagtail_helpdesk:invitation", invitation, frozenset({"anonymous"}))
    # The same for whoever asks; what each of them holds is for everyone to see.
    llms = "helpdesk_knowledge_base:llms_txt"
    yield Row(llms, lambda world: reverse(llms), EVERYBODY)
    for path in ("/sitemap.xml", "/api/v2/pages/", "/api/v2/documents/"):
        yield Row(f"page {path}", lambda world, path=path: path, EVERYBODY)
    # Side doors lead to the one sign-in page, and whoever is signed in nowhere else.
    for door in ("admin/login/", "django-admin/login/", "_util/login/"):
        insiders = ADMIN if door == "django-admin/login/" else frozenset()
        yield Row(door, lambda world, door=door: f"/{door}", insiders)
    for route, model in (
        (
            "_util/authenticate_with_password/"
            "<int:page_view_restriction_id>/<int:page_id>/",
            PageViewRestriction,
        ),
        (
            "documents/authenticate_with_password/<int:restriction_id>/",
            CollectionViewRestriction,
        ),
    ):
        yield Row(route, partial(_password_address, model), EVERYBODY)
    for path in (
        "/help/",
        "/help/search/?q=install",
        "/help/search/suggest/?q=install",
        "/help/setup/",
        "/contact/",
    ):
        yield Row(f"page {path}", lambda world, path=path: path, EVERYBODY)
    yield Row("page article", lambda world: "/help/setup/install/", EVERYBODY)
    contacts = CUSTOMERS
    # Signed in and no customer: told so, on a page of the portal.
    staff = dict.fromkeys(EVERYBODY - contacts - {"anonymous"}, DENIED)
    for path in (
        "/support/",
        "/support/new/",
        "/support/new/suggest/?q=install",
        "/support/?status=all&q=canary",
        "/support/export/",
        "/support/read/",
        "/support/consent/",
        "/support/privacy/",
        "/support/account/",
        "/support/account/download/",
        "/support/account/deletion/",
    ):
        yield Row(f"page {path}", lambda world, path=path: path, contacts, staff)
    yield Row(
        "page /support/new/article/",
        lambda world: f"/support/new/article/{world.article.pk}/",
        contacts,
        staff,
    )
    yield from _guest_links()
    others = {**staff, **dict.fromkeys(CUSTOMERS - {"ana"}, MISSING)}
    for path in ("r", "new/sent"):
        yield Row(
            f"page /support/{path}/",
            lambda world, path=path: f"/support/{path}/{world.acme.ticket.public_id}/",
            frozenset({"ana"}),
            others,
        )
    for path in ("transcript", "people"):
        yield Row(
            f"page /support/r/ {path}",
            lambda world, path=path: (
                f"/support/r/{world.acme.ticket.public_id}/{path}/"
            ),
            frozenset({"ana"}),
            others,
        )


def _guest_links() -> Iterable[Row]:
    """Links to one ticket: who holds one gets in, whoever they are."""

    def token(world: World) -> str:
        ticket = world.guest_ticket
        return token_of_guest(ticket, ticket.contact, ticket.contact.email)

    def page(world: World) -> str:
        return f"/support/g/{token(world)}/"

    def file(world: World) -> str:
        message = world.guest_ticket.conversations.get().messages.get()
        return f"{page(world)}files/{message.attachments.get().public_id}/"

    def foreign_file(world: World) -> str:
        return f"{page(world)}files/{world.acme.attachment.public_id}/"

    def account(world: World) -> str:
        """A link of somebody who has an account leads to the account."""
        ticket = world.acme.ticket
        key = token_of_guest(ticket, ticket.contact, ticket.contact.email)
        return f"/support/g/{key}/files/{world.acme.attachment.public_id}/"

    nobody = dict.fromkeys(EVERYBODY, MISSING)
    over = dict.fromkeys(EVERYBODY, "status 410")
    yield Row("page /support/g/", page, EVERYBODY)
    yield Row("page /support/g/ file", file, EVERYBODY, reads_only=True)
    yield Row(
        "page /support/g/ transcript",
        lambda world: f"{page(world)}transcript/",
        EVERYBODY,
        reads_only=True,
    )
    yield Row(
        "page /support/g/ transcript forged",
        lambda _world: "/support/g/x/transcript/",
        frozenset(),
        nobody,
    )
    yield Row("page /support/g/ foreign", foreign_file, frozenset(), nobody)
    yield Row(
        "page /support/g/ forged", lambda _world: "/support/g/x/", frozenset(), over
    )

    def rating(world: World) -> str:
        ticket = world.guest_ticket
        contact = ticket.contact
        key = token_of_guest(ticket, contact, contact.email, Use.RATE)
        return f"/support/csat/{key}/"

    yield Row("page /support/csat/", rating, EVERYBODY)
    yield Row(
        "page /support/csat/ forged",
        lambda _world: "/support/csat/x/",
        frozenset(),
        nobody,
    )
    signed_in = dict.fromkeys(EVERYBODY, SIGN_IN)
    yield Row("page /support/g/ account", account, frozenset({"ana"}), signed_in)


def _pages_in_the_admin() -> Iterable[Row]:
    """Wagtail's page views over our page types: for editors of that part."""
    editors = frozenset({"editor", "admin"})
    names = (
        "edit",
        "delete",
        "unpublish",
        "copy",
        "move",
        "history",
        "usage",
        "set_privacy",
        "view_draft",
    )
    for attribute in ("portal", "article"):
        for name in names:
            full = f"wagtailadmin_pages:{name}"
            yield Row(
                f"{full} {attribute}",
                lambda world, full=full, attribute=attribute: reverse(
                    full, args=[getattr(world, attribute).pk]
                ),
                editors,
                reads_only=name in {"edit", "copy"},
            )


def _privacy_report() -> Iterable[Row]:
    """The report on privacy: for who may set the privacy of pages."""
    editors = frozenset({"editor", "admin"})
    report = "wagtail_helpdesk_admin:privacy_report"
    yield Row(report, lambda world: reverse(report), editors)
    align = "wagtail_helpdesk_admin:privacy_align"
    yield Row(align, lambda world: reverse(align, args=[world.article.pk]), editors)


def _system_pages() -> Iterable[Row]:
    """Pages about a portal: for who may publish below it, or change its settings."""
    yield Row(
        "helpdesk_portal_system_pages",
        lambda world: reverse("helpdesk_portal_system_pages", args=[world.portal.pk]),
        frozenset({"editor", "admin"}),
        dict.fromkeys(("agent", "agent2"), MISSING),
    )
    yield Row(
        "helpdesk_portal_filters",
        lambda world: reverse("helpdesk_portal_filters", args=[world.portal.pk]),
        ADMIN,
        dict.fromkeys(("agent", "agent2", "editor"), MISSING),
    )


def _portal_setup() -> Iterable[Row]:
    """The set-up of portals: for who may change their settings (B2)."""
    names = ("helpdesk_portal_setup", "helpdesk_portal_setup_new")
    for name in names:
        yield Row(name, lambda world, name=name: reverse(name), ADMIN)
    for name, *rest in (
        ("helpdesk_portal_setup_checklist",),
        ("helpdesk_portal_setup_step", "rules"),
        ("helpdesk_portal_setup_test",),
        ("helpdesk_portal_setup_hide",),
        ("helpdesk_portal_switch",),
    ):
        yield Row(
            name,
            lambda world, name=name, rest=rest: reverse(
                name, args=[world.portal.pk, *rest]
            ),
            ADMIN,
        )


ROWS: list[Row] = [
    *_workspace(),
    *_generic(),
    *_public(),
    *_pages_in_the_admin(),
    *_privacy_report(),
    *_system_pages(),
    *_portal_setup(),
]
