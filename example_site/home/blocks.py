"""What the pages of the example site are made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.blocks import (
    ContactCardBlock,
    OpeningHoursBlock,
    SupportFormBlock,
)
from wagtail_helpdesk.knowledge_base.search_block import KnowledgeBaseSearchBlock
from wagtail_helpdesk.portal.blocks import MyOpenTicketsBlock

RICH_TEXT = ["h2", "h3", "bold", "italic", "link", "ol", "ul", "hr"]


class CardBlock(blocks.StructBlock):
    """A short text with a title, and a page to read on."""

    title = blocks.CharBlock(label=_("Title"), max_length=100)
    text = blocks.TextBlock(label=_("Text"), max_length=400)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    link_text = blocks.CharBlock(
        label=_("Link"), required=False, default="", max_length=60
    )

    class Meta:
        icon = "doc-full"
        label = _("Card")


class CardsBlock(blocks.StructBlock):
    """Cards side by side, below a heading."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=100)
    cards = blocks.ListBlock(CardBlock(), label=_("Cards"))

    class Meta:
        icon = "grip"
        label = _("Cards")
        template = "home/blocks/cards.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        icon="title",
        max_length=150,
        template="home/blocks/heading.html",
    )
    text = blocks.RichTextBlock(
        label=_("Text"), features=RICH_TEXT, template="home/blocks/text.html"
    )
    cards = CardsBlock()
    support_form = SupportFormBlock(template="home/blocks/support_form.html")
    opening_hours = OpeningHoursBlock(template="home/blocks/opening_hours.html")
    knowledge_base_search = KnowledgeBaseSearchBlock(
        template="home/blocks/knowledge_base_search.html"
    )
    my_open_tickets = MyOpenTicketsBlock(template="home/blocks/my_open_tickets.html")
    contact_card = ContactCardBlock(template="home/blocks/contact_card.html")
