import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("wagtail_helpdesk", "0007_identity_providers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignUpConsent",
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
                ("language", models.CharField(blank=True, max_length=15)),
                ("source", models.CharField(max_length=200)),
                ("given_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpdesk_sign_up_consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "consent given while registering",
                "verbose_name_plural": "consents given while registering",
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="given_before",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="consent",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        # The new one comes first: MariaDB's foreign key leans on an index of these.
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("contact", "version", "source", "given_before"),
                name="helpdesk_consent_once_at_a_time",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="consent",
            name="helpdesk_consent_once_per_version_and_source",
        ),
    ]
