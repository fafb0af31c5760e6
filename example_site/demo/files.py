"""Pictures and documents of the demo in Wagtail's libraries."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from example_site.demo import pictures

TITLES = {
    "hub-back": "Back of the Northwind Hub",
    "console-overview": "Overview of the console",
    "rack": "Router in a rack",
    "coverage": "Floor plan with access points",
    "router-front": "Front of the NW-R200",
    "slow-tree": "Four causes of a slow connection",
    "video-poster": "A hub and a sensor find each other",
}
CHECKLIST = "Site survey checklist"


def load_images() -> dict[str, int]:
    """Draw the pictures that are not there yet.

    Returns:
        Ids of images by name.
    """
    model = get_image_model()
    known = dict(
        model.objects.filter(title__in=TITLES.values()).values_list("title", "pk")
    )
    ids = {}
    for name, title in TITLES.items():
        if title not in known:
            content = pictures.picture(name)
            image = model(
                title=title,
                file=ContentFile(content, f"{name}.png"),
                width=pictures.WIDTH,
                height=pictures.HEIGHT,
                file_size=len(content),
                file_hash=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            )
            image.save()
            known[title] = image.pk
        ids[name] = known[title]
    return ids


def load_documents() -> dict[str, int]:
    """Make the document that an article offers.

    Returns:
        Ids of documents by name.
    """
    model = get_document_model()
    document = model.objects.filter(title=CHECKLIST).first()
    if document is None:
        content = pictures.survey_checklist()
        document = model.objects.create(
            title=CHECKLIST,
            file=ContentFile(content, "site-survey-checklist.pdf"),
            file_size=len(content),
        )
    return {"site-survey": document.pk}
