import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk_portal", "0004_system_pages"),
        ("wagtail_helpdesk", "0010_access_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="portalhomepage",
            name="access_groups",
            field=modelcluster.fields.ParentalManyToManyField(
                blank=True,
                help_text="One of them is enough.",
                related_name="+",
                to="wagtail_helpdesk.accessgroup",
                verbose_name="access groups",
            ),
        ),
        migrations.AddField(
            model_name="portalhomepage",
            name="entry",
            field=models.CharField(
                choices=[
                    ("open", "Everybody"),
                    ("domains", "Addresses of certain domains"),
                    ("invitation", "By invitation only"),
                ],
                default="open",
                help_text="Members of access groups can be invited in any case.",
                max_length=20,
                verbose_name="who may register",
            ),
        ),
        migrations.AddField(
            model_name="portalhomepage",
            name="entry_domains",
            field=models.TextField(
                blank=True,
                help_text="For “addresses of certain domains”: one on each line, such as acme.example. Domains below them do not count.",
                verbose_name="domains",
            ),
        ),
        migrations.AddField(
            model_name="portalhomepage",
            name="requires_groups",
            field=models.BooleanField(
                default=False,
                help_text="Only members of one of the groups below enter the portal.",
                verbose_name="access group membership required",
            ),
        ),
    ]
