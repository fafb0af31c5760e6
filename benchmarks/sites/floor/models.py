"""The least a list of tickets and a site can consist of."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.fields import StreamField
from wagtail.models import Page


class ListedTicket(models.Model):
    """A row of a list with all it shows: no joins, one index for each list."""

    number = models.PositiveBigIntegerField(unique=True)
    subject = models.CharField(max_length=255)
    contact = models.CharField(max_length=200)
    organization = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    stage = models.CharField(max_length=20)
    priority = models.PositiveSmallIntegerField()
    is_closed = models.BooleanField()
    last_activity_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["-last_activity_at", "-id"],
                condition=models.Q(is_closed=False),
                name="floor_open",
            ),
            models.Index(fields=["-last_activity_at", "-id"], name="floor_all"),
        ]

    def __str__(self) -> str:
        return self.subject


class BodyBlock(blocks.StreamBlock):
    """Text, steps and code: what the articles of the data set are made of."""

    text = blocks.RichTextBlock()
    steps = blocks.ListBlock(blocks.RichTextBlock())
    code = blocks.StructBlock([("code", blocks.TextBlock())])


class BarePage(Page):
    """A page with a body and nothing else."""

    template = "floor/bare_page.html"
    body = StreamField(BodyBlock(), blank=True)


class ContactPage(AbstractForm):
    """Wagtail's own form page: it stores one row."""

    template = "floor/contact_page.html"
    landing_page_template = "floor/contact_page_landing.html"


class ContactField(AbstractFormField):
    """A field of the form."""

    page = ParentalKey(
        ContactPage, on_delete=models.CASCADE, related_name="form_fields"
    )
