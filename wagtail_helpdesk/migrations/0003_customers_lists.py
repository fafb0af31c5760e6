import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_helpdesk", "0002_receipt_queue"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("is_closed", False)),
                fields=["organization", "-last_activity_at", "-id"],
                name="helpdesk_ticket_org_open",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["organization", "-created_at", "-id"],
                name="helpdesk_ticket_org_created",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                models.F("organization"),
                django.db.models.functions.text.Lower("subject"),
                models.F("id"),
                name="helpdesk_ticket_org_subject",
            ),
        ),
    ]
