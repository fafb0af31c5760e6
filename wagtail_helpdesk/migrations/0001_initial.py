import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import swapper
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

import wagtail_helpdesk.models.conversations
import wagtail_helpdesk.models.fields
import wagtail_helpdesk.models.forms

swapper.set_app_prefix("wagtailcore", "wagtail")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        swapper.dependency("wagtailcore", "Page"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
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
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        help_text="The name of a registered channel type, such as form or portal.",
                        max_length=40,
                        verbose_name="type",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("config", models.JSONField(blank=True, default=dict)),
                (
                    "secrets",
                    wagtail_helpdesk.models.fields.EncryptedJSONField(
                        blank=True, default=dict, editable=False
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True, verbose_name="on")),
                (
                    "default_priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                        default=2,
                        verbose_name="priority",
                    ),
                ),
                (
                    "ticket_defaults",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="ticket properties"
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Inbox",
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
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "from_name",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the inbox's name.",
                        max_length=100,
                        verbose_name="sender name",
                    ),
                ),
                (
                    "from_email",
                    models.EmailField(
                        blank=True,
                        help_text="Empty: the site's DEFAULT_FROM_EMAIL.",
                        max_length=254,
                        validators=[django.core.validators.EmailValidator()],
                        verbose_name="sender address",
                    ),
                ),
                (
                    "signature",
                    models.TextField(
                        blank=True,
                        help_text="Stands under every reply by mail.",
                        verbose_name="signature",
                    ),
                ),
                (
                    "creates_tickets",
                    models.BooleanField(
                        default=True,
                        help_text="Off: a plain shared inbox whose conversations open no tickets.",
                        verbose_name="help desk",
                    ),
                ),
                (
                    "owner_sync",
                    models.CharField(
                        choices=[
                            (
                                "conversation_to_ticket",
                                "The conversation's owner becomes the ticket's owner",
                            ),
                            ("both", "Both always have the same owner"),
                            ("off", "Each has its own owner"),
                        ],
                        default="conversation_to_ticket",
                        max_length=30,
                        verbose_name="owners",
                    ),
                ),
                (
                    "reopen_policy",
                    models.CharField(
                        choices=[
                            (
                                "single",
                                "Re-open the conversation if the ticket has just one",
                            ),
                            ("latest", "Re-open the latest conversation"),
                        ],
                        default="single",
                        max_length=10,
                        verbose_name="re-opening",
                    ),
                ),
                (
                    "suggest_closing",
                    models.BooleanField(
                        default=False,
                        help_text="Offer to close the ticket when its last conversation is closed.",
                        verbose_name="suggest closing",
                    ),
                ),
            ],
            options={
                "verbose_name": "inbox",
                "verbose_name_plural": "inboxes",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Organization",
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
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "domains",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Domains of the organization's addresses, such as acme.example. A verified address of one of them makes its contact a member.",
                        verbose_name="e-mail domains",
                    ),
                ),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("own", "Each contact sees their own requests"),
                            (
                                "organization",
                                "Members see all requests of the organization",
                            ),
                        ],
                        default="own",
                        max_length=20,
                        verbose_name="sharing",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Pipeline",
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
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                ),
            ],
            options={
                "verbose_name": "pipeline",
                "verbose_name_plural": "pipelines",
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
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
                    "name",
                    models.CharField(max_length=60, unique=True, verbose_name="name"),
                ),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="TicketNumber",
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
            ],
            options={
                "verbose_name": "ticket number",
            },
        ),
        migrations.CreateModel(
            name="Agent",
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
                    "display_alias",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the full name of the account.",
                        max_length=100,
                        verbose_name="name shown to customers",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpdesk_agent",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "agent",
                "verbose_name_plural": "agents",
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=200, verbose_name="name"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="Language code such as pt-br; empty means the site's default.",
                        max_length=15,
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="time zone"
                    ),
                ),
                (
                    "is_blocked",
                    models.BooleanField(default=False, verbose_name="blocked"),
                ),
                (
                    "erased_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="helpdesk_contact",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
            },
        ),
        migrations.CreateModel(
            name="Conversation",
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
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "thread_key",
                    models.CharField(
                        blank=True,
                        help_text="What the channel knows the thread by; unique within the channel.",
                        max_length=200,
                        null=True,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("spam", "Spam"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField()),
                ("last_message_at", models.DateTimeField()),
                (
                    "last_seq",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="The seq of the newest message, assigned under a row lock.",
                    ),
                ),
                ("is_customer_visible", models.BooleanField(default=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conversations",
                        to="wagtail_helpdesk.channel",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conversations",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
                (
                    "inbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="wagtail_helpdesk.inbox",
                    ),
                ),
            ],
            options={
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
            },
        ),
        migrations.AddField(
            model_name="channel",
            name="inbox",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="channels",
                to="wagtail_helpdesk.inbox",
            ),
        ),
        migrations.CreateModel(
            name="InboxMembership",
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
                    "notify",
                    models.BooleanField(
                        default=True,
                        help_text="Tickets without an owner are announced to these members.",
                        verbose_name="mail about new tickets",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbox_memberships",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
                (
                    "inbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="wagtail_helpdesk.inbox",
                    ),
                ),
            ],
            options={
                "verbose_name": "inbox member",
                "verbose_name_plural": "inbox members",
            },
        ),
        migrations.AddField(
            model_name="inbox",
            name="members",
            field=models.ManyToManyField(
                related_name="inboxes",
                through="wagtail_helpdesk.InboxMembership",
                to="wagtail_helpdesk.agent",
            ),
        ),
        migrations.CreateModel(
            name="Message",
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
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("inbound", "From the customer"),
                            ("outbound", "To the customer"),
                            ("internal", "Note"),
                        ],
                        max_length=10,
                    ),
                ),
                ("body_text", models.TextField(blank=True)),
                (
                    "body_html",
                    models.TextField(
                        blank=True,
                        help_text="As received; sanitised whenever it is shown.",
                    ),
                ),
                (
                    "form_data",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Submitted fields: a list of {key, label, value, hidden} (L15).",
                    ),
                ),
                ("external_id", models.CharField(blank=True, max_length=255)),
                (
                    "client_token",
                    models.CharField(blank=True, max_length=64, null=True),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "release_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Until then the author may take it back and customers do not see it.",
                        null=True,
                    ),
                ),
                (
                    "author_agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
                (
                    "author_contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="wagtail_helpdesk.conversation",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=wagtail_helpdesk.models.conversations.private_storage,
                        upload_to=wagtail_helpdesk.models.conversations.attachment_path,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "content_type",
                    models.CharField(
                        help_text="As found in the bytes, not as claimed.",
                        max_length=100,
                    ),
                ),
                ("size", models.PositiveBigIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="wagtail_helpdesk.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                    "role",
                    models.CharField(
                        choices=[("member", "Member"), ("manager", "Manager")],
                        default="member",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "is_primary",
                    models.BooleanField(default=True, verbose_name="primary"),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="wagtail_helpdesk.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="organizations",
            field=models.ManyToManyField(
                related_name="contacts",
                through="wagtail_helpdesk.Membership",
                to="wagtail_helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="inbox",
            name="default_pipeline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtail_helpdesk.pipeline",
                verbose_name="pipeline",
            ),
        ),
        migrations.CreateModel(
            name="Receipt",
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
                ("body", models.BinaryField()),
                ("headers", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("error", models.TextField(blank=True)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="wagtail_helpdesk.channel",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt",
                "verbose_name_plural": "receipts",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
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
                    "is_shared",
                    models.BooleanField(
                        default=False, verbose_name="shared with all agents"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=500)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Stage",
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
                ("key", models.SlugField(verbose_name="key")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "Open"),
                            ("waiting", "Waiting for the customer"),
                            ("closed", "Closed"),
                        ],
                        max_length=10,
                        verbose_name="category",
                    ),
                ),
                (
                    "customer_label",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the stage's name.",
                        max_length=100,
                        verbose_name="name shown to customers",
                    ),
                ),
                (
                    "is_customer_visible",
                    models.BooleanField(
                        default=True,
                        help_text="Off: customers see open or closed instead.",
                        verbose_name="shown to customers",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="wagtail_helpdesk.pipeline",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage",
                "verbose_name_plural": "stages",
                "ordering": ["pipeline", "order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="channel",
            name="default_stage",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the first stage of the inbox's pipeline.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtail_helpdesk.stage",
                verbose_name="first stage",
            ),
        ),
        migrations.CreateModel(
            name="StageLabel",
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
                    "translation_key",
                    models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "customer_label",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="name shown to customers",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="wagtail_helpdesk.stage",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage label",
                "verbose_name_plural": "stage labels",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SupportForm",
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
                    "translation_key",
                    models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                (
                    "live",
                    models.BooleanField(
                        default=True, editable=False, verbose_name="live"
                    ),
                ),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        verbose_name="has unpublished changes",
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        null=True,
                        verbose_name="first published at",
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="go live date/time"
                    ),
                ),
                (
                    "expire_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="expiry date/time"
                    ),
                ),
                (
                    "expired",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="expired"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Seen in the admin only.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Stands in addresses; the same in every language.",
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9-]{0,49}$",
                                "Use lower-case letters, digits and hyphens only, a letter first.",
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                (
                    "header",
                    wagtail.fields.RichTextField(
                        blank=True, verbose_name="text above the form"
                    ),
                ),
                (
                    "form_fields",
                    wagtail_helpdesk.models.forms.FormFieldsField(
                        blank=True,
                        default=wagtail_helpdesk.models.forms.default_form_fields,
                        help_text="Name and e-mail address are asked for by themselves, of visitors who are not signed in.",
                        verbose_name="fields",
                    ),
                ),
                (
                    "consent_text",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="What people agree to. Empty: nothing is asked.",
                        verbose_name="consent",
                    ),
                ),
                (
                    "consent_label",
                    models.CharField(
                        blank=True,
                        help_text="Empty: “I agree”.",
                        max_length=255,
                        verbose_name="label of the consent box",
                    ),
                ),
                (
                    "submit_label",
                    models.CharField(
                        blank=True,
                        help_text="Empty: “Send request”.",
                        max_length=50,
                        verbose_name="label of the button",
                    ),
                ),
                (
                    "success_text",
                    wagtail.fields.RichTextField(
                        blank=True, verbose_name="text after sending"
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        help_text="Decides the inbox that the requests arrive in.",
                        limit_choices_to={"type": "form"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtail_helpdesk.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "support form",
                "verbose_name_plural": "support forms",
                "ordering": ["name"],
                "abstract": False,
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Team",
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
                    "name",
                    models.CharField(max_length=100, unique=True, verbose_name="name"),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True,
                        related_name="teams",
                        to="wagtail_helpdesk.agent",
                        verbose_name="members",
                    ),
                ),
            ],
            options={
                "verbose_name": "team",
                "verbose_name_plural": "teams",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
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
                    "number",
                    models.PositiveBigIntegerField(
                        editable=False, unique=True, verbose_name="number"
                    ),
                ),
                (
                    "public_id",
                    wagtail_helpdesk.models.fields.PublicIdField(
                        default=wagtail_helpdesk.models.fields.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("subject", models.CharField(max_length=255, verbose_name="subject")),
                (
                    "is_closed",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Copy of the stage's category, so that lists need no join.",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                        default=2,
                        verbose_name="priority",
                    ),
                ),
                (
                    "type",
                    models.CharField(blank=True, max_length=50, verbose_name="type"),
                ),
                ("origin_locale", models.CharField(blank=True, max_length=15)),
                (
                    "language",
                    models.CharField(
                        blank=True, max_length=15, verbose_name="language"
                    ),
                ),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "last_activity_at",
                    models.DateTimeField(verbose_name="last activity"),
                ),
                (
                    "last_customer_message_at",
                    models.DateTimeField(blank=True, null=True),
                ),
                ("last_agent_message_at", models.DateTimeField(blank=True, null=True)),
                ("first_replied_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reopened_count", models.PositiveIntegerField(default=0)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="Grows with every change, for optimistic locking.",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_helpdesk.channel",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="wagtail_helpdesk.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "follow_up_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="follow_ups",
                        to="wagtail_helpdesk.ticket",
                    ),
                ),
                (
                    "inbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="wagtail_helpdesk.inbox",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        help_text="As it was when the ticket was opened; never rewritten.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="wagtail_helpdesk.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "origin_page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=swapper.get_model_name("wagtailcore", "Page"),
                    ),
                ),
                (
                    "origin_revision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="wagtail_helpdesk.agent",
                        verbose_name="owner",
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="wagtail_helpdesk.pipeline",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="wagtail_helpdesk.stage",
                    ),
                ),
                (
                    "stage_before_closing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_helpdesk.stage",
                    ),
                ),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True,
                        related_name="tickets",
                        to="wagtail_helpdesk.tag",
                        verbose_name="tags",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="wagtail_helpdesk.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
            },
        ),
        migrations.CreateModel(
            name="Participant",
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
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="wagtail_helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("ticket_opened", "opened the request"),
                            ("message_received", "wrote"),
                            ("message_sent", "replied"),
                            ("note_added", "added a note"),
                            ("ticket_assigned", "changed the owner"),
                            (
                                "conversation_assigned",
                                "changed the conversation's owner",
                            ),
                            ("stage_changed", "changed the stage"),
                            ("priority_changed", "changed the priority"),
                            ("details_changed", "changed the details"),
                            ("conversation_closed", "closed the conversation"),
                            ("conversation_reopened", "re-opened the conversation"),
                            ("ticket_trashed", "moved the ticket to the trash"),
                            ("ticket_restored", "restored the ticket"),
                            (
                                "conversation_trashed",
                                "moved the conversation to the trash",
                            ),
                            ("conversation_restored", "restored the conversation"),
                            ("contact_created", "was added as a contact"),
                            ("contact_claimed", "confirmed the address"),
                            ("address_released", "gave up an address"),
                            ("consent_given", "agreed to the terms"),
                            ("agent_registered", "became an agent"),
                            ("ticket_followed", "follows the ticket"),
                            ("ticket_unfollowed", "no longer follows the ticket"),
                            ("participant_added", "added a participant"),
                            ("participant_removed", "removed a participant"),
                            ("send_undone", "took a reply back before it was sent"),
                            ("send_retried", "sent a mail again"),
                            ("organization_changed", "changed an organization"),
                            (
                                "inbox_members_changed",
                                "changed the members of an inbox",
                            ),
                            ("view_saved", "saved a view"),
                            ("view_deleted", "deleted a view"),
                        ],
                        max_length=40,
                    ),
                ),
                ("data", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due", models.PositiveSmallIntegerField(default=0)),
                (
                    "actor_agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
                (
                    "actor_contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        help_text="The contact it happened to, where there is no ticket.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="wagtail_helpdesk.conversation",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="wagtail_helpdesk.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="wagtail_helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("reply", "Reply"),
                            ("acknowledgement", "Acknowledgement"),
                            ("agent_notice", "Notice to an agent"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="What it answers to: a second run finds the first one's row.",
                        max_length=150,
                        unique=True,
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("address", models.CharField(max_length=254)),
                ("part", models.PositiveSmallIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("claimed", "Taken by a worker"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("unknown", "May have been sent"),
                            ("failed", "Failed"),
                            ("cancelled", "Taken back"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "accidents",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How often it was lost while being sent; after the second one a person decides.",
                    ),
                ),
                ("run_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_owner", models.CharField(blank=True, max_length=36)),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        help_text="The Message-ID it goes out under.",
                        max_length=255,
                    ),
                ),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="wagtail_helpdesk.conversation",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="wagtail_helpdesk.event",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="wagtail_helpdesk.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="wagtail_helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="ticket",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="conversations",
                to="wagtail_helpdesk.ticket",
            ),
        ),
        migrations.CreateModel(
            name="TicketProperty",
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
                    "translation_key",
                    models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Stored with the ticket; never translated and never changed.",
                        max_length=50,
                        verbose_name="key",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("number", "Number"),
                            ("date", "Date"),
                            ("checkbox", "Yes or no"),
                            ("choice", "Choice"),
                        ],
                        default="text",
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("label", models.CharField(max_length=100, verbose_name="label")),
                (
                    "choices",
                    wagtail.fields.StreamField(
                        [("choice", 2)],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use lower-case letters, digits and underscores only."
                                    },
                                    "help_text": "Stored with the ticket; never translated.",
                                    "label": "Value",
                                    "regex": "^[a-z][a-z0-9_]{0,49}$",
                                },
                            ),
                            1: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Label", "max_length": 200},
                            ),
                            2: (
                                "wagtail.blocks.StructBlock",
                                [[("value", 0), ("label", 1)]],
                                {},
                            ),
                        },
                        verbose_name="choices",
                    ),
                ),
                (
                    "is_customer_visible",
                    models.BooleanField(
                        default=False, verbose_name="shown to customers"
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket property",
                "verbose_name_plural": "ticket properties",
                "ordering": ["label"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Watcher",
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
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watchers",
                        to="wagtail_helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "watcher",
                "verbose_name_plural": "watchers",
            },
        ),
        migrations.CreateModel(
            name="CannedReply",
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
                    "translation_key",
                    models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "body",
                    models.TextField(
                        help_text="You may use {contact_name}, {agent_name} and {reference}; they are filled in when the text is inserted.",
                        verbose_name="text",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "canned reply",
                "verbose_name_plural": "canned replies",
                "ordering": ["name"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                ("text", models.TextField()),
                ("version", models.CharField(max_length=64)),
                ("language", models.CharField(blank=True, max_length=15)),
                ("source", models.CharField(max_length=200)),
                ("given_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "version", "source"),
                        name="helpdesk_consent_once_per_version_and_source",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                    "mode",
                    models.CharField(
                        choices=[("reply", "Reply"), ("note", "Note")], max_length=10
                    ),
                ),
                ("text", models.TextField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="wagtail_helpdesk.agent",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="wagtail_helpdesk.conversation",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conversation", "agent", "mode"),
                        name="helpdesk_draft_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmailTemplate",
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
                    "translation_key",
                    models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("acknowledgement", "Acknowledgement to the customer"),
                            ("reply", "Reply to the customer"),
                        ],
                        max_length=40,
                        verbose_name="mail",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the packaged subject. {reference} is the number.",
                        max_length=200,
                        verbose_name="subject",
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        help_text="You may use {contact_name}, {agent_name}, {reference}, {inbox_name}, {message} and {link}. In the acknowledgement {message} stays empty: a mail that repeats what a visitor typed could be abused to send spam.",
                        verbose_name="text",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail text",
                "verbose_name_plural": "mail texts",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("locale", "key"), name="helpdesk_email_template_key"
                    )
                ],
                "unique_together": {("translation_key", "locale")},
            },
        ),
        migrations.CreateModel(
            name="EventReceipt",
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
                ("key", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtail_helpdesk.channel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "key"), name="helpdesk_event_receipt_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail address"),
                            ("phone", "Phone number"),
                            ("account", "Account"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=254, verbose_name="value")),
                (
                    "verified_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="verified"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity",
                "verbose_name_plural": "identities",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "value"), name="helpdesk_identity_kind_value"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="inboxmembership",
            constraint=models.UniqueConstraint(
                fields=("inbox", "agent"), name="helpdesk_inbox_member_once"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["external_id"], name="helpdesk_message_external"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("conversation", "seq"), name="helpdesk_message_seq"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("conversation", "client_token"),
                name="helpdesk_message_client_token",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)),
                name="helpdesk_attachment_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("contact", "organization"),
                name="helpdesk_membership_contact_organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(
                fields=("pipeline", "key"), name="helpdesk_stage_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagelabel",
            constraint=models.UniqueConstraint(
                fields=("stage", "locale"), name="helpdesk_stage_label_locale"
            ),
        ),
        migrations.AlterUniqueTogether(
            name="stagelabel",
            unique_together={("translation_key", "locale")},
        ),
        migrations.AddConstraint(
            model_name="supportform",
            constraint=models.UniqueConstraint(
                fields=("locale", "key"), name="helpdesk_support_form_key"
            ),
        ),
        migrations.AlterUniqueTogether(
            name="supportform",
            unique_together={("translation_key", "locale")},
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["-last_activity_at", "-id"], name="helpdesk_ticket_activity"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("is_closed", False)),
                fields=["inbox", "-last_activity_at", "-id"],
                name="helpdesk_ticket_open",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("is_closed", False)),
                fields=["owner", "-last_activity_at", "-id"],
                name="helpdesk_ticket_mine",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["contact", "-last_activity_at", "-id"],
                name="helpdesk_ticket_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["organization", "-last_activity_at", "-id"],
                name="helpdesk_ticket_organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(
                fields=("ticket", "contact"), name="helpdesk_participant_once"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("due", 0), _negated=True),
                fields=["id"],
                name="helpdesk_event_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status", "queued")),
                fields=["run_at", "id"],
                name="helpdesk_delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status__in", ["claimed", "sending", "unknown"])),
                fields=["lease_until"],
                name="helpdesk_delivery_leases",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["address", "kind", "created_at"],
                name="helpdesk_delivery_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("channel", "thread_key"), name="helpdesk_conversation_thread"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketproperty",
            constraint=models.UniqueConstraint(
                fields=("locale", "key"), name="helpdesk_ticket_property_key"
            ),
        ),
        migrations.AlterUniqueTogether(
            name="ticketproperty",
            unique_together={("translation_key", "locale")},
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=models.UniqueConstraint(
                fields=("ticket", "agent"), name="helpdesk_watcher_once"
            ),
        ),
    ]
