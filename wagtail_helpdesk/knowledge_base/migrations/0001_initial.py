import django.db.models.deletion
import swapper
import wagtail.contrib.routable_page.models
from django.db import migrations, models

import wagtail_helpdesk.knowledge_base.fields
import wagtail_helpdesk.knowledge_base.icons

swapper.set_app_prefix("wagtailcore", "wagtail")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        swapper.dependency("wagtailcore", "Page"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticlePage",
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
                        blank=True,
                        help_text="One or two sentences: what the reader will know afterwards.",
                        verbose_name="introduction",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        blank=True,
                        help_text="For whom this holds, such as a plan: “Professional plan”.",
                        max_length=80,
                        verbose_name="audience",
                    ),
                ),
                (
                    "body",
                    wagtail_helpdesk.knowledge_base.fields.ArticleBodyField(
                        [], blank=True, verbose_name="body"
                    ),
                ),
                (
                    "is_popular",
                    models.BooleanField(
                        default=False,
                        help_text="Shows it among the popular articles of the home page.",
                        verbose_name="popular",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="CategoryPage",
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
                    "description",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences: what readers find here.",
                        verbose_name="description",
                    ),
                ),
                (
                    "icon",
                    models.CharField(
                        choices=wagtail_helpdesk.knowledge_base.icons.icon_choices,
                        default="book",
                        max_length=30,
                        verbose_name="icon",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="KnowledgeBaseHomePage",
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
                    "heading",
                    models.CharField(
                        blank=True,
                        help_text="Above the search box. Leave empty for “How can we help?”.",
                        max_length=120,
                        verbose_name="heading",
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences below the heading.",
                        verbose_name="introduction",
                    ),
                ),
                (
                    "show_portal_link",
                    models.BooleanField(
                        default=False,
                        help_text="Puts “Go to [portal name]” at the top right of these pages.",
                        verbose_name="show customer portal link",
                    ),
                ),
                (
                    "contact_page",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where “Still need help?” leads, such as a page with a support form. Its translation is used where there is one.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=swapper.get_model_name("wagtailcore", "Page"),
                        verbose_name="contact page",
                    ),
                ),
                (
                    "portal_page",
                    models.ForeignKey(
                        blank=True,
                        help_text="The page the link leads to; its title is the portal's name. Its translation is used where there is one.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=swapper.get_model_name("wagtailcore", "Page"),
                        verbose_name="customer portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "knowledge base",
                "verbose_name_plural": "knowledge bases",
            },
            bases=(
                wagtail.contrib.routable_page.models.RoutablePageMixin,
                "wagtailcore.page",
            ),
        ),
    ]
