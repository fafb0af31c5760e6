import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import wagtail_helpdesk.models.conversations
import wagtail_helpdesk.models.receipts


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_helpdesk", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="receipt",
            name="file",
            field=models.FileField(
                blank=True,
                help_text="What came, if it is large.",
                max_length=200,
                storage=wagtail_helpdesk.models.conversations.private_storage,
                upload_to=wagtail_helpdesk.models.receipts.receipt_path,
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="lease_owner",
            field=models.CharField(blank=True, max_length=36),
        ),
        migrations.AddField(
            model_name="receipt",
            name="lease_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="receipt",
            name="message",
            field=models.ForeignKey(
                blank=True,
                help_text="The message it became.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="receipts",
                to="wagtail_helpdesk.message",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="run_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="receipt",
            name="size",
            field=models.PositiveBigIntegerField(default=0, help_text="Bytes."),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="body",
            field=models.BinaryField(
                blank=True,
                default=b"",
                help_text="What came; empty if it lies in the file.",
            ),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="error",
            field=models.TextField(
                blank=True, help_text="Why it failed, is tried again or was ignored."
            ),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="headers",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="What came beside it: envelope addresses, headers of a request.",
            ),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="received_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("claimed", "Taken by a worker"),
                    ("done", "Done"),
                    ("ignored", "Ignored"),
                    ("failed", "Failed"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("state", "new")),
                fields=["run_at", "id"],
                name="helpdesk_receipt_due",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("state", "claimed")),
                fields=["lease_until"],
                name="helpdesk_receipt_leases",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "ignored"])),
                fields=["-id"],
                name="helpdesk_receipt_left",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["received_at"], name="helpdesk_receipt_age"),
        ),
    ]
