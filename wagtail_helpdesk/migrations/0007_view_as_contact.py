from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_helpdesk", "0006_access_groups"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="contact",
            options={
                "permissions": [("view_as_contact", "Can view the site as a contact")],
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
            },
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
                    ("view_as_started", "began to view the site as the contact"),
                    ("view_as_ended", "stopped viewing the site as the contact"),
                ],
                max_length=40,
            ),
        ),
    ]
