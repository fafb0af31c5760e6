"""The look of the demo: the colour and the logo of Northwind Devices."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from wagtail.models import Site

from example_site.demo import pictures
from wagtail_helpdesk.models import Appearance

LOGO = "Logo of Northwind Devices"
ACCENT = "#0b5f53"


def load_appearance() -> bool:
    """Choose it, if nobody has chosen another.

    Returns:
        Whether anything was made.
    """
    site = Site.objects.get(is_default_site=True)
    if Appearance.objects.filter(site=site).exists():
        return False
    content = pictures.logo()
    images = get_image_model()
    logo = images.objects.create(
        title=LOGO,
        file=ContentFile(content, "northwind-logo.png"),
        width=pictures.LOGO_SIZE,
        height=pictures.LOGO_SIZE,
        file_size=len(content),
        file_hash=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    )
    Appearance.objects.create(site=site, accent=ACCENT, radius=10, logo=logo)
    return True
