"""The frame of every public page: navigation, languages, colour scheme, base template.

A view puts ``frame(request, page=page)`` into its context as ``hd``, and
``hd_base_template`` beside it (``frame_context`` returns both). An app adds entries to
the navigation from its ``ready()`` with ``register_navigation``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_info
from wagtail.models import Site

from wagtail_helpdesk.appearance.current import Theme, theme_of
from wagtail_helpdesk.base_template import BaseTemplate, base_template
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.headers import vary_by_cookie
from wagtail_helpdesk.languages import LanguageLink, Translation, page_languages
from wagtail_helpdesk.navigation import (
    Crumb,
    LinkProvider,
    NavigationChange,
    NavigationProvider,
    NavItem,
    link_of,
    navigation_of,
    register_account_link,
    register_contact_link,
    register_navigation,
    register_navigation_change,
    register_portal_link,
    register_privacy_link,
)
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.sweep import after_this_response

if TYPE_CHECKING:
    from wagtail_helpdesk.models import Contact

__all__ = [
    "COLOR_SCHEMES",
    "COLOR_SCHEME_COOKIE",
    "Crumb",
    "Frame",
    "LinkProvider",
    "NavItem",
    "NavigationChange",
    "NavigationProvider",
    "frame",
    "frame_context",
    "register_account_link",
    "register_contact_link",
    "register_navigation",
    "register_navigation_change",
    "register_portal_link",
    "register_privacy_link",
]

_ACCOUNT_VIEWS = {
    "login": "account_login",
    "signup": "account_signup",
    "logout": "account_logout",
    "email": "account_email",
    "change_password": "account_change_password",
    "second_factor": "mfa_index",
    "sessions": "usersessions_list",
}
COLOR_SCHEME_COOKIE = "hd_color_scheme"
COLOR_SCHEMES = ("light", "dark")


@dataclass(eq=False)
class Frame:
    """What the layout shows around a page. Everything is worked out when it is used.

    Attributes:
        request: The request that is answered.
        page: The Wagtail page that answers it, or ``None`` for a view without a page.
        translations: What ``translations_of`` says of the page, once it is known.
        after_sign_in: Where the link to the sign-in leads on to, where that is not
            this page.
    """

    request: HttpRequest
    page: Any = None
    translations: list[Translation] | None = None
    after_sign_in: str = ""

    @cached_property
    def base(self) -> BaseTemplate:
        """What the site's base template offers, so that nothing is there twice."""
        return base_template(helpdesk_settings.BASE_TEMPLATE)

    @cached_property
    def nav(self) -> list[NavItem]:
        """Entries of all apps in order, the current one marked."""
        return navigation_of(self.request)

    @cached_property
    def portal_link(self) -> NavItem | None:
        """The link "Go to [portal name]" (B35), or ``None``."""
        return link_of("portal", self.request)

    @cached_property
    def privacy_link(self) -> NavItem | None:
        """Where this customer sees what they agreed to, or ``None``."""
        link = link_of("privacy", self.request)
        # Asked last: outside the portal nobody has looked for the contact.
        return link if link is not None and self.contact is not None else None

    @cached_property
    def account_link(self) -> NavItem | None:
        """Where this customer changes their profile, or ``None``."""
        link = link_of("account", self.request)
        return link if link is not None and self.contact is not None else None

    @cached_property
    def contact_link(self) -> NavItem | None:
        """Where to ask for help, in the same place on every page, or ``None``."""
        return link_of("contact", self.request)

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """The languages this page can be read in; empty when there is only one."""
        links = page_languages(
            self.page, self.request.path, self.request, self.translations
        )
        return links if len(links) > 1 else []

    @property
    def language_name(self) -> str:
        """The current language in its own words."""
        code = get_language() or settings.LANGUAGE_CODE
        return str(get_language_info(code)["name_local"])

    @property
    def color_scheme(self) -> str:
        """``"light"`` or ``"dark"`` as editor or visitor chose, else ``""`` (system).

        An answer that shows the visitor's choice is theirs alone: it varies by cookie.
        """
        if not self.theme.may_switch:
            return self.theme.fixed_scheme
        vary_by_cookie(self.request)
        chosen = self.request.COOKIES.get(COLOR_SCHEME_COOKIE, "")
        return chosen if chosen in COLOR_SCHEMES else ""

    @property
    def next_url(self) -> str:
        """This page's address, to come back to after a switch."""
        return self.request.get_full_path()

    @property
    def sign_in_next(self) -> str:
        """Where a visitor is led to after a sign-in: mostly this page."""
        return self.after_sign_in or self.next_url

    @cached_property
    def site(self) -> Site | None:
        """The Wagtail site of the request."""
        return Site.find_for_request(self.request)

    @cached_property
    def theme(self) -> Theme:
        """Colours, logo and icon that editors chose for this site (B31)."""
        return theme_of(self.site)

    @property
    def theme_url(self) -> str:
        """Where the style sheet of these colours is; empty where there is none."""
        if not self.theme.digest:
            return ""
        try:
            args = (self.theme.site_id, self.theme.digest)
            return reverse("wagtail_helpdesk:theme", args=args)
        except NoReverseMatch:
            return ""

    @cached_property
    def site_name(self) -> str:
        """The site's name, as the header and the title show it."""
        fallback = str(getattr(settings, "WAGTAIL_SITE_NAME", ""))
        return (self.site.site_name if self.site else "") or fallback

    @cached_property
    def home_url(self) -> str:
        """The site's front page in the current language."""
        if self.site is None:
            return "/"
        languages = {
            root.language_code
            for root in PageUrls.of(self.request).roots
            if root.site_id == self.site.pk
        }
        if get_language() in languages:
            # What ``localized`` would find, without looking it up on every page.
            try:
                return reverse("wagtail_serve", args=("",))
            except NoReverseMatch:
                pass
        return self.site.root_page.localized.get_url(self.request) or "/"

    @cached_property
    def user(self) -> Any:
        """The signed-in user, or ``None``."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def contact(self) -> Contact | None:
        """The signed-in customer, known by a verified address, or ``None``."""
        from wagtail_helpdesk.access.contacts import contact_for

        return contact_for(self.user) if self.user else None

    @cached_property
    def idle_seconds(self) -> int:
        """Seconds without a request that end this session; 0: no time-out."""
        from wagtail_helpdesk.access.sessions import idle_seconds

        return idle_seconds(self.request) if self.user else 0

    @cached_property
    def account_label(self) -> str:
        """Who is signed in: the full name, else the address, else the user name."""
        if self.user is None:
            return ""
        return self.user.get_full_name() or self.user.email or self.user.get_username()

    @cached_property
    def account_urls(self) -> dict[str, str]:
        """Addresses of the account pages that the site has, by name.

        The keys are ``login``, ``signup``, ``logout``, ``email``, ``change_password``,
        ``second_factor`` and ``sessions``.
        """
        found = {}
        for name, view in _ACCOUNT_VIEWS.items():
            try:
                found[name] = reverse(view)
            except NoReverseMatch:
                continue
        return found

    @cached_property
    def may_register(self) -> bool:
        """Whether a link to the page for new accounts leads to one that works (B52)."""
        if "signup" not in self.account_urls:
            return False
        from allauth.account.adapter import get_adapter

        return bool(get_adapter(self.request).is_open_for_signup(self.request))


def frame(request: HttpRequest, *, page: Any = None) -> Frame:
    """Build the frame of one page.

    Args:
        request: The request that is answered.
        page: The Wagtail page that answers it, if one does: its translations become
            the language links.

    Returns:
        The frame, to be put into the template context as ``hd``.
    """
    after_this_response()
    return Frame(request=request, page=page)


def frame_context(request: HttpRequest, *, page: Any = None) -> dict[str, Any]:
    """The two context variables that the layout needs.

    Args:
        request: The request that is answered.
        page: The Wagtail page that answers it, if one does.

    Returns:
        ``hd``, the frame, and ``hd_base_template``, what ``base.html`` extends.
    """
    return {
        "hd": frame(request, page=page),
        "hd_base_template": helpdesk_settings.BASE_TEMPLATE,
    }
