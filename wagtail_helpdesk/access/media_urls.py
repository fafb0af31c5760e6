"""Addresses of media files, to be mounted where ``MEDIA_URL`` leads.

``path("media/", include("wagtail_helpdesk.access.media_urls"))`` covers the folders
that Wagtail uses; a site whose models have others writes
``path("media/", include(guarded_media(originals="pictures/")))`` instead.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from wagtail_helpdesk.access.media import guarded_file


def guarded_media(
    *,
    renditions: str = "images/",
    originals: str = "original_images/",
    documents: str = "documents/",
) -> list[URLPattern]:
    """Make the patterns that guard the files of images and documents.

    Args:
        renditions: The folder of the sizes of images, with a slash at the end.
        originals: The folder of the images as they were uploaded.
        documents: The folder of documents.

    Returns:
        Patterns to put before whatever else serves media files.
    """
    folders = {"rendition": renditions, "original": originals, "document": documents}
    return [
        path(f"{folder}<path:name>", guarded_file, {"folder": folder, "kind": kind})
        for kind, folder in folders.items()
    ]


urlpatterns = guarded_media()
