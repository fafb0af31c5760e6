"""Indexes for the agents' lists, in place of the foreign keys' own.

The new ones come first: MariaDB keeps an index for every foreign key.
"""

import django.db.models.deletion
from django.db import migrations, models


def foreign_key(name, model, *, null=False, **options):
    on_delete = (
        django.db.models.deletion.SET_NULL
        if null
        else django.db.models.deletion.PROTECT
    )
    if null:
        options |= {"null": True, "blank": True}
    return migrations.AlterField(
        "ticket",
        name,
        models.ForeignKey(
            db_index=False,
            on_delete=on_delete,
            related_name="tickets",
            to=f"wagtail_helpdesk.{model}",
            **options,
        ),
    )


def index(name, *fields, **options):
    return migrations.AddIndex(
        "ticket",
        models.Index(fields=fields, name=f"helpdesk_ticket_{name}", **options),
    )


def live_index(name, *fields, **options):
    return index(name, *fields, condition=models.Q(deleted_at=None), **options)


class Migration(migrations.Migration):
    dependencies = [("wagtail_helpdesk", "0004_ticket_text")]

    operations = [
        live_index("state", "is_closed", "-last_activity_at", "-id"),
        live_index("inbox", "inbox", "is_closed", "-last_activity_at", "-id"),
        live_index(
            "owner", "owner", "is_closed", "-last_activity_at", "-id", include=["inbox"]
        ),
        live_index("stage", "stage", "-last_activity_at", "-id"),
        live_index("priority", "is_closed", "-priority", "-last_activity_at", "-id"),
        live_index("created", "is_closed", "-created_at", "-id"),
        index("pipeline", "pipeline", "inbox"),
        migrations.RemoveIndex("ticket", "helpdesk_ticket_open"),
        migrations.RemoveIndex("ticket", "helpdesk_ticket_mine"),
        foreign_key("contact", "contact", verbose_name="contact"),
        foreign_key("inbox", "inbox"),
        foreign_key(
            "organization",
            "organization",
            null=True,
            verbose_name="organization",
            help_text="As it was when the ticket was opened; never rewritten.",
        ),
        foreign_key("owner", "agent", null=True, verbose_name="owner"),
        foreign_key("pipeline", "pipeline"),
        foreign_key("stage", "stage"),
    ]
