import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="HomePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True, max_length=300, verbose_name="introduction"
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("heading", 0),
                            ("text", 1),
                            ("cards", 9),
                            ("support_form", 12),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "icon": "title",
                                    "label": "Heading",
                                    "max_length": 150,
                                    "template": "home/blocks/heading.html",
                                },
                            ),
                            1: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": [
                                        "h2",
                                        "h3",
                                        "bold",
                                        "italic",
                                        "link",
                                        "ol",
                                        "ul",
                                        "hr",
                                    ],
                                    "label": "Text",
                                    "template": "home/blocks/text.html",
                                },
                            ),
                            2: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Heading", "max_length": 100},
                            ),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Title", "max_length": 100},
                            ),
                            4: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "Text", "max_length": 400},
                            ),
                            5: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {"label": "Page", "required": False},
                            ),
                            6: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "default": "",
                                    "label": "Link",
                                    "max_length": 60,
                                    "required": False,
                                },
                            ),
                            7: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 3),
                                        ("text", 4),
                                        ("page", 5),
                                        ("link_text", 6),
                                    ]
                                ],
                                {},
                            ),
                            8: ("wagtail.blocks.ListBlock", (7,), {"label": "Cards"}),
                            9: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 2), ("cards", 8)]],
                                {},
                            ),
                            10: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "default": "",
                                    "help_text": "Optional.",
                                    "label": "Heading",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            11: (
                                "wagtail.snippets.blocks.SnippetChooserBlock",
                                ("wagtail_helpdesk.SupportForm",),
                                {"label": "Form"},
                            ),
                            12: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 10), ("form", 11)]],
                                {"template": "home/blocks/support_form.html"},
                            ),
                        },
                        verbose_name="body",
                    ),
                ),
            ],
            options={
                "verbose_name": "front page",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="StandardPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True, max_length=300, verbose_name="introduction"
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("heading", 0),
                            ("text", 1),
                            ("cards", 9),
                            ("support_form", 12),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "icon": "title",
                                    "label": "Heading",
                                    "max_length": 150,
                                    "template": "home/blocks/heading.html",
                                },
                            ),
                            1: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": [
                                        "h2",
                                        "h3",
                                        "bold",
                                        "italic",
                                        "link",
                                        "ol",
                                        "ul",
                                        "hr",
                                    ],
                                    "label": "Text",
                                    "template": "home/blocks/text.html",
                                },
                            ),
                            2: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Heading", "max_length": 100},
                            ),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Title", "max_length": 100},
                            ),
                            4: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "Text", "max_length": 400},
                            ),
                            5: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {"label": "Page", "required": False},
                            ),
                            6: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "default": "",
                                    "label": "Link",
                                    "max_length": 60,
                                    "required": False,
                                },
                            ),
                            7: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 3),
                                        ("text", 4),
                                        ("page", 5),
                                        ("link_text", 6),
                                    ]
                                ],
                                {},
                            ),
                            8: ("wagtail.blocks.ListBlock", (7,), {"label": "Cards"}),
                            9: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 2), ("cards", 8)]],
                                {},
                            ),
                            10: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "default": "",
                                    "help_text": "Optional.",
                                    "label": "Heading",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            11: (
                                "wagtail.snippets.blocks.SnippetChooserBlock",
                                ("wagtail_helpdesk.SupportForm",),
                                {"label": "Form"},
                            ),
                            12: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 10), ("form", 11)]],
                                {"template": "home/blocks/support_form.html"},
                            ),
                        },
                        verbose_name="body",
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
            },
            bases=("wagtailcore.page",),
        ),
    ]
