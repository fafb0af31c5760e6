"""Videos of other hosts: which player belongs to which address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_YOUTUBE_HOSTS = {"youtube.com", "m.youtube.com", "youtube-nocookie.com"}
_YOUTUBE_ID = re.compile(r"[\w-]{6,20}")
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{6,20})/?")
_VIMEO_PATH = re.compile(r"/(?:video/)?(\d{4,12})(?:/(\w{6,20}))?/?")


@dataclass(frozen=True)
class Player:
    """A player that can be put into the page.

    Attributes:
        host: The name readers know, such as ``"YouTube"``.
        url: What an ``iframe`` loads: the variant of the host that sets no cookie
            before the video plays.
    """

    host: str
    url: str


def player_for(address: str) -> Player | None:
    """Find the player of a video's address.

    Args:
        address: The address of the video's page, as copied from a browser.

    Returns:
        The player, or ``None`` for a host that is not known: such a video is a link.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if host == "youtu.be" and _YOUTUBE_ID.fullmatch(parts.path.strip("/")):
        return _youtube(parts.path.strip("/"))
    if host in _YOUTUBE_HOSTS:
        match = _YOUTUBE_PATH.fullmatch(parts.path)
        video = match[1] if match else parse_qs(parts.query).get("v", [""])[0]
        return _youtube(video) if _YOUTUBE_ID.fullmatch(video) else None
    if host in {"vimeo.com", "player.vimeo.com"}:
        match = _VIMEO_PATH.fullmatch(parts.path)
        if match:
            secret = f"&h={match[2]}" if match[2] else ""
            url = f"https://player.vimeo.com/video/{match[1]}?dnt=1&autoplay=1{secret}"
            return Player("Vimeo", url)
    return None


def _youtube(video: str) -> Player:
    url = f"https://www.youtube-nocookie.com/embed/{video}?autoplay=1&rel=0"
    return Player("YouTube", url)
