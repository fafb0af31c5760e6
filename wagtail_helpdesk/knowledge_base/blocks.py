"""What an article's body is made of."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from wagtail_helpdesk.knowledge_base.code import (
    LANGUAGES,
    highlighted,
    language_choices,
)
from wagtail_helpdesk.knowledge_base.tables import TableText, table_rows
from wagtail_helpdesk.knowledge_base.video import Player, player_for

_TEMPLATES = "wagtail_helpdesk/knowledge_base/blocks"

INLINE_FEATURES = ["bold", "italic", "code", "link", "document-link", "ol", "ul"]
TEXT_FEATURES = ["h2", "h3", "h4", *INLINE_FEATURES, "hr", "superscript", "subscript"]

CALLOUT_KINDS: dict[str, str | Promise] = {
    "note": _("Note"),
    "tip": _("Tip"),
    "warning": _("Warning"),
}


class KeywordBlock(blocks.ChoiceBlock):
    """A choice that says how something looks: no words for the search to find."""

    def get_searchable_content(self, value: Any) -> list[str]:
        """Nothing."""
        return []


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and headings; headings make the table of contents."""

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = f"{_TEMPLATES}/text.html"
        description = _("Paragraphs, headings of three levels, lists and links.")
        preview_value = "<h2>Before you start</h2><p>Have your serial number ready.</p>"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    text = blocks.RichTextBlock(
        label=_("What to do"),
        features=INLINE_FEATURES,
        help_text=_("One action. What the reader sees afterwards belongs here too."),
    )
    image = ImageBlock(label=_("Picture"), required=False)

    class Meta:
        label = _("Step")
        icon = "list-ol"


class StepsBlock(blocks.ListBlock):
    """Numbered steps, each with a picture if it helps (B113)."""

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = f"{_TEMPLATES}/steps.html"
        description = _("A procedure in numbered steps, with a picture where it helps.")
        preview_value = [
            {"text": "<p>Hold the power button for five seconds.</p>", "image": None},
            {"text": "<p>Wait until the light is green.</p>", "image": None},
        ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StepBlock(), min_num=1, **kwargs)


class CalloutBlock(blocks.StructBlock):
    """A paragraph that stands out; its kind is said in words, not by colour alone."""

    kind = KeywordBlock(
        label=_("Kind"), choices=list(CALLOUT_KINDS.items()), default="note"
    )
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES)

    class Meta:
        label = _("Callout")
        icon = "info-circle"
        template = f"{_TEMPLATES}/callout.html"
        description = _("A note, a tip or a warning that stands out from the text.")
        preview_value = {
            "kind": "tip",
            "text": "<p>A restart solves most of it.</p>",
        }

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``kind_label``, the kind in the reader's language."""
        context = super().get_context(value, parent_context)
        kind = value.get("kind")
        context["kind"] = kind if kind in CALLOUT_KINDS else "note"
        context["kind_label"] = CALLOUT_KINDS[context["kind"]]
        return context


class CodeBlock(blocks.StructBlock):
    """Program code or what a terminal shows."""

    language = KeywordBlock(
        label=_("Language"), choices=language_choices, default="text"
    )
    title = blocks.CharBlock(
        label=_("Title"),
        required=False,
        max_length=120,
        help_text=_("Such as the name of the file. Leave empty for none."),
    )
    code = blocks.TextBlock(label=_("Code"), rows=8)

    class Meta:
        label = _("Code")
        icon = "code"
        template = f"{_TEMPLATES}/code.html"
        description = _("Program code or commands, coloured, with a button to copy.")
        preview_value = {"language": "bash", "title": "", "code": "ping -c 3 gateway"}

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``html``, the coloured code, and ``language_label``."""
        context = super().get_context(value, parent_context)
        language = value.get("language") or "text"
        context["html"] = highlighted(value.get("code") or "", language)
        context["language_label"] = LANGUAGES.get(language, LANGUAGES["text"])
        return context


class FigureBlock(blocks.StructBlock):
    """A picture with its alternative text, or marked as decorative (WCAG 1.1.1)."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = f"{_TEMPLATES}/figure.html"
        description = _("A picture with a text for those who cannot see it.")


class TableBlock(TableText, WagtailTableBlock):
    """A table with a caption and header cells, which scrolls on a narrow screen."""

    class Meta:
        label = _("Table")
        icon = "table"
        template = f"{_TEMPLATES}/table.html"
        description = _("A table with a caption and header cells.")
        preview_value = {
            "table_caption": "Battery life",
            "table_header_choice": "row",
            "data": [["Mode", "Hours"], ["Normal", "12"], ["Saving", "30"]],
        }

    def get_searchable_content(self, value: Any) -> list[str]:
        """The caption and every cell."""
        caption = (value or {}).get("table_caption")
        cells = super().get_searchable_content(value)
        return [caption, *cells] if caption else cells

    def render(self, value: Any, context: Any = None) -> str:
        """Render the cells; merged cells and HTML in cells are not offered."""
        return blocks.Block.render(self, value, context)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``caption``, ``header`` (cells or nothing) and ``rows`` of the body."""
        context = super().get_context(value, parent_context)
        context.update(table_rows(value))
        return context


class FileBlock(blocks.StructBlock):
    """A document to download, with its type and size."""

    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(
        label=_("Title"),
        required=False,
        max_length=160,
        help_text=_("What readers see. Leave empty for the document's own title."),
    )

    class Meta:
        label = _("File")
        icon = "doc-full"
        template = f"{_TEMPLATES}/file.html"
        description = _("A file to download. Readers see its type and size.")


class VideoValue(blocks.StructValue):
    """A video with the player that belongs to it."""

    @property
    def player(self) -> Player | None:
        """The player, or ``None`` where the video can only be linked to."""
        return player_for(self.get("url") or "")


class VideoBlock(blocks.StructBlock):
    """A video of another host, which is asked nothing before play is pressed."""

    url = blocks.URLBlock(
        label=_("Address"),
        help_text=_("The video's page at YouTube or Vimeo, or any other address."),
    )
    title = blocks.CharBlock(
        label=_("Title"),
        max_length=160,
        help_text=_("What the video shows; readers decide by it whether to play it."),
    )
    poster = ImageChooserBlock(
        label=_("Poster"),
        required=False,
        help_text=_("Shown until the video plays, from this site."),
    )

    class Meta:
        label = _("Video")
        icon = "media"
        template = f"{_TEMPLATES}/video.html"
        value_class = VideoValue
        description = _("A video that loads only when the reader presses play.")
        preview_value = {
            "url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
            "title": "How to change the battery",
            "poster": None,
        }

    def clean(self, value: Any) -> Any:
        """Refuse addresses that a browser would not open as a page.

        Raises:
            wagtail.blocks.StructBlockValidationError: The address is not on the web.
        """
        cleaned = super().clean(value)
        if urlsplit(cleaned.get("url") or "https:").scheme not in {"http", "https"}:
            message = _("Enter an address that starts with https://")
            raise blocks.StructBlockValidationError(
                block_errors={"url": ValidationError(message)}
            )
        return cleaned


class QuestionBlock(blocks.StructBlock):
    """A question with its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=INLINE_FEATURES)

    class Meta:
        label = _("Question")
        icon = "help"


class QuestionsBlock(blocks.ListBlock):
    """Questions whose answers open where they stand, without a script."""

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = f"{_TEMPLATES}/questions.html"
        description = _("Questions; each answer opens when its question is pressed.")
        preview_value = [
            {"question": "Is it waterproof?", "answer": "<p>Yes, to ten metres.</p>"},
        ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(QuestionBlock(), min_num=1, **kwargs)


class ArticleBodyBlock(blocks.StreamBlock):
    """The body of an article."""

    text = TextBlock()
    steps = StepsBlock()
    callout = CalloutBlock()
    image = FigureBlock()
    table = TableBlock()
    code = CodeBlock()
    file = FileBlock()
    video = VideoBlock()
    questions = QuestionsBlock()

    class Meta:
        block_counts: dict[str, dict[str, int]] = {}
