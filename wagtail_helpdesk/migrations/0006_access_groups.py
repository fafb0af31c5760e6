import django.db.models.deletion
from django.db import migrations, models

import wagtail_helpdesk.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtail_helpdesk", "0005_agents_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessGroup",
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
                    models.CharField(max_length=100, unique=True, verbose_name="name"),
                ),
                (
                    "description",
                    models.TextField(blank=True, verbose_name="description"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("static", "Members are added by hand"),
                            ("dynamic", "A rule decides who is a member"),
                        ],
                        default="static",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "rule",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Of a dynamic group; see wagtail_helpdesk.access.rules.",
                        verbose_name="rule",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "auth_group",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpdesk_access_group",
                        to="auth.group",
                    ),
                ),
            ],
            options={
                "verbose_name": "access group",
                "verbose_name_plural": "access groups",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="AccessMembership",
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
                    "source",
                    models.CharField(
                        choices=[
                            ("manual", "Added by hand"),
                            ("import", "Imported"),
                            ("rule", "By the rule"),
                            ("sso", "By single sign-on"),
                        ],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_memberships",
                        to="wagtail_helpdesk.contact",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="wagtail_helpdesk.accessgroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of an access group",
                "verbose_name_plural": "members of access groups",
            },
        ),
        migrations.AddConstraint(
            model_name="accessmembership",
            constraint=models.UniqueConstraint(
                fields=("group", "contact", "source"),
                name="helpdesk_access_membership_once_per_source",
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
                ],
                max_length=40,
            ),
        ),
    ]
