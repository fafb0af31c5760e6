import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_helpdesk", "0009_view_as_contact"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "Reply"),
                    ("acknowledgement", "Acknowledgement"),
                    ("agent_notice", "Notice to an agent"),
                    ("invitation", "Invitation to register"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="wagtail_helpdesk.ticket",
            ),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="body",
            field=models.TextField(
                help_text="You may use {contact_name}, {agent_name}, {reference}, {inbox_name}, {message} and {link}. In the acknowledgement {message} stays empty: a mail that repeats what a visitor typed could be abused to send spam. The invitation knows {contact_name}, {inbox_name}, {portal_name}, {days} and {link}.",
                verbose_name="text",
            ),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="key",
            field=models.CharField(
                choices=[
                    ("acknowledgement", "Acknowledgement to the customer"),
                    ("reply", "Reply to the customer"),
                    ("invitation", "Invitation to register"),
                ],
                max_length=40,
                verbose_name="mail",
            ),
        ),
        migrations.CreateModel(
            name="AccessInvitation",
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
                ("address", models.CharField(max_length=254, verbose_name="address")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_invitations",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "delivery",
                    models.OneToOneField(
                        help_text="The mail that carries the token; of earlier mails nothing is known.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitation",
                        to="wagtail_helpdesk.delivery",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="wagtail_helpdesk.accessgroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "contact"),
                        name="helpdesk_access_invitation_once",
                    )
                ],
            },
        ),
    ]
