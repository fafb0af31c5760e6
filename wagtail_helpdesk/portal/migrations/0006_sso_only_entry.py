from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk_portal", "0005_portal_entry"),
    ]

    operations = [
        migrations.AlterField(
            model_name="portalhomepage",
            name="entry",
            field=models.CharField(
                choices=[
                    ("open", "Everybody"),
                    ("domains", "Addresses of certain domains"),
                    ("invitation", "By invitation only"),
                    ("sso", "Nobody: single sign-on only"),
                ],
                default="open",
                help_text="Members of access groups can be invited in any case. “Single sign-on only”: everybody, also who was invited, signs in through an identity provider that serves this portal. A password does not open it.",
                max_length=20,
                verbose_name="who may register",
            ),
        ),
    ]
