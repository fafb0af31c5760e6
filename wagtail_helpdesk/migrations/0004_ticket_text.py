import django.db.models.deletion
from django.db import migrations, models

import wagtail_helpdesk.fulltext.fields


class Migration(migrations.Migration):
    # The texts of existing tickets are indexed by "manage.py helpdesk_index_tickets",
    # which works while the site does; see docs/how-to/databases.md.

    dependencies = [
        ("wagtail_helpdesk", "0003_customers_lists"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(
                    models.Q(("deleted_at", None), _negated=True),
                    ("status", "spam"),
                    ("is_customer_visible", False),
                    _connector="OR",
                ),
                fields=["ticket"],
                name="helpdesk_conversation_hidden",
            ),
        ),
        migrations.CreateModel(
            name="TicketText",
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
                    "scope",
                    models.BigIntegerField(
                        default=0,
                        help_text="The conversation's id, or 0; unique where null is not.",
                    ),
                ),
                (
                    "audience",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Customers"), (2, "Agents")]
                    ),
                ),
                (
                    "conversations",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="How many there were when the row was made.",
                    ),
                ),
                (
                    "last_message",
                    models.BigIntegerField(
                        default=0,
                        help_text="The id of the newest message that has been looked at.",
                    ),
                ),
                (
                    "length",
                    models.PositiveIntegerField(default=0, help_text="Words."),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        help_text="When the next message may be shown to customers.",
                        null=True,
                    ),
                ),
                ("words", wagtail_helpdesk.fulltext.fields.WordsField()),
                (
                    "conversation",
                    models.ForeignKey(
                        help_text="Null: the whole ticket.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="wagtail_helpdesk.conversation",
                    ),
                ),
                (
                    "inbox",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Of all conversations in it; null if there is not just one.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wagtail_helpdesk.inbox",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="wagtail_helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "words of a ticket",
                "verbose_name_plural": "words of tickets",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at", None), _negated=True),
                        fields=["due_at"],
                        name="helpdesk_text_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "audience", "scope"),
                        name="helpdesk_text_once",
                    )
                ],
            },
        ),
        wagtail_helpdesk.fulltext.fields.IndexWords(
            model_name="tickettext", field_name="words"
        ),
    ]
