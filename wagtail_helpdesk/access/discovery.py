"""Whether a server is an OpenID provider, before anybody signs in through it."""

from __future__ import annotations

from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/openid-configuration"
#: What the description of a server has to name for the code flow with claims.
NEEDED = (
    *("issuer", "authorization_endpoint", "token_endpoint"),
    *("jwks_uri", "userinfo_endpoint"),
)
_TIMEOUT_SECONDS = 5


class NoProviderError(Exception):
    """A server does not answer, or not with a description of itself."""


def what_is_missing(server_url: str) -> list[str]:
    """Read a server's description of itself (OpenID Connect Discovery 1.0).

    Args:
        server_url: Its address, with or without the well-known path.

    Returns:
        What sign-in needs and the description lacks.

    Raises:
        NoProviderError: With a word on what happened.
    """
    # Comes with the extra "sso"; a site without it has no such form.
    import requests

    url = server_url
    if "/.well-known/" not in url:
        url = url.rstrip("/") + WELL_KNOWN
    try:
        answer = requests.get(url, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        described = answer.json()
    except requests.HTTPError as error:
        raise NoProviderError(f"HTTP {error.response.status_code}") from error
    except requests.RequestException as error:
        raise NoProviderError(type(error).__name__) from error
    known = described if isinstance(described, dict) else {}
    missing = [name for name in NEEDED if not isinstance(known.get(name), str)]
    scheme = urlsplit(server_url).scheme
    if not missing and any(urlsplit(known[name]).scheme != scheme for name in NEEDED):
        raise NoProviderError(f"not all of its addresses begin with {scheme}://")
    return missing
