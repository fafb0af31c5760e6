from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_helpdesk", "0008_consent_withdrawal"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="contact",
            options={
                "permissions": [
                    ("view_as_contact", "Can view the site as contacts see it")
                ],
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
            },
        ),
    ]
