import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import swapper
import wagtail.contrib.routable_page.models
import wagtail.fields
from django.db import migrations, models

swapper.set_app_prefix("wagtailcore", "wagtail")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtail_helpdesk", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        swapper.dependency("wagtailcore", "Page"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortalHomePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=swapper.get_model_name("wagtailcore", "Page"),
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Off: customers read that the portal is not open.",
                        verbose_name="portal is on",
                    ),
                ),
                (
                    "intro",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Stands above the list.",
                        verbose_name="introduction",
                    ),
                ),
                (
                    "request_singular",
                    models.CharField(
                        blank=True,
                        help_text="Such as “order”. Empty: “request”.",
                        max_length=40,
                        verbose_name="word for one ticket",
                    ),
                ),
                (
                    "request_plural",
                    models.CharField(
                        blank=True,
                        help_text="Such as “orders”. Empty: “requests”.",
                        max_length=40,
                        verbose_name="word for several tickets",
                    ),
                ),
                (
                    "form_menu_text",
                    models.CharField(
                        blank=True,
                        help_text="The link that leads to the form. Empty: “New request”.",
                        max_length=60,
                        verbose_name="menu text of the form",
                    ),
                ),
                (
                    "form_header_text",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the menu text.",
                        max_length=120,
                        verbose_name="heading of the form",
                    ),
                ),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("own", "Customers see their own"),
                            (
                                "organization",
                                "Members see all of an organization that shares",
                            ),
                        ],
                        default="own",
                        max_length=20,
                        verbose_name="who sees what",
                    ),
                ),
                (
                    "reply_on_closed",
                    models.BooleanField(
                        default=True,
                        help_text="A reply re-opens the ticket.",
                        verbose_name="replies on closed tickets",
                    ),
                ),
                (
                    "reopen_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        help_text="A later reply opens a new ticket that is linked to the old one.",
                        validators=[django.core.validators.MaxValueValidator(3650)],
                        verbose_name="days for re-opening",
                    ),
                ),
                (
                    "may_close",
                    models.BooleanField(
                        default=False, verbose_name="customers may close their tickets"
                    ),
                ),
                (
                    "show_stages",
                    models.BooleanField(
                        default=False,
                        help_text="Off: customers see open and closed only.",
                        verbose_name="show stages",
                    ),
                ),
                (
                    "owner_display",
                    models.CharField(
                        choices=[
                            ("name", "First name"),
                            ("full", "Full name"),
                            ("surname", "Surname"),
                            ("alias", "The agent's alias"),
                        ],
                        default="name",
                        max_length=10,
                        verbose_name="names of agents",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        help_text="Decides the inbox of what customers send from the portal. Empty, and without a form: customers read and reply, but cannot send anything new.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_helpdesk.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "support_form",
                    models.ForeignKey(
                        blank=True,
                        help_text="What customers fill in to send something new. Empty: subject, description and files.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_helpdesk.supportform",
                        verbose_name="form",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer portal",
                "verbose_name_plural": "customer portals",
            },
            bases=(
                wagtail.contrib.routable_page.models.RoutablePageMixin,
                swapper.get_model_name("wagtailcore", "Page"),
                models.Model,
            ),
        ),
        migrations.CreateModel(
            name="PortalClosedStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        limit_choices_to={"category": "closed"},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtail_helpdesk.stage",
                        verbose_name="closed stage",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closed_stages",
                        to="helpdesk_portal.portalhomepage",
                    ),
                ),
            ],
            options={
                "verbose_name": "closed stage",
                "verbose_name_plural": "closed stages",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "stage"),
                        name="helpdesk_portal_closed_stage_once",
                    )
                ],
            },
        ),
    ]
