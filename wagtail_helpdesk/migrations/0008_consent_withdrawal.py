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
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ticket_opened", "opened the request"),
                    ("message_received", "wrote"),
                    ("message_sent", "replied"),
                    ("note_added", "added a note"),
                    ("ticket_assigned", "changed the owner"),
                    ("conversation_assigned", "changed the conversation's owner"),
                    ("stage_changed", "changed the stage"),
                    ("priority_changed", "changed the priority"),
                    ("details_changed", "changed the details"),
                    ("conversation_closed", "closed the conversation"),
                    ("conversation_reopened", "re-opened the conversation"),
                    ("ticket_trashed", "moved the ticket to the trash"),
                    ("ticket_restored", "restored the ticket"),
                    ("conversation_trashed", "moved the conversation to the trash"),
                    ("conversation_restored", "restored the conversation"),
                    ("contact_created", "was added as a contact"),
                    ("contact_claimed", "confirmed the address"),
                    ("address_released", "gave up an address"),
                    ("consent_given", "agreed to the terms"),
                    ("consent_withdrawn", "withdrew the consent"),
                    ("agent_registered", "became an agent"),
                    ("ticket_followed", "follows the ticket"),
                    ("ticket_unfollowed", "no longer follows the ticket"),
                    ("participant_added", "added a participant"),
                    ("participant_removed", "removed a participant"),
                    ("send_undone", "took a reply back before it was sent"),
                    ("send_retried", "sent a mail again"),
                    ("organization_changed", "changed an organization"),
                    ("inbox_members_changed", "changed the members of an inbox"),
                    ("view_saved", "saved a view"),
                    ("view_deleted", "deleted a view"),
                    ("access_group_changed", "changed an access group"),
                    ("access_group_deleted", "deleted an access group"),
                    ("access_granted", "was added to an access group"),
                    ("access_withdrawn", "was removed from an access group"),
                ],
                max_length=40,
            ),
        ),
    ]
