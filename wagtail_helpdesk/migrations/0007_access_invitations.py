import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_helpdesk", "0006_access_groups"),
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
                    ("invitation_sent", "sent invitations to register"),
                ],
                max_length=40,
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
