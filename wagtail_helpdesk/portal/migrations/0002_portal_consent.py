import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("helpdesk_portal", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="portalhomepage",
            name="consent_at_sign_up",
            field=models.BooleanField(
                default=True,
                help_text="Off: people are asked when they first enter the portal.",
                verbose_name="ask at registration",
            ),
        ),
        migrations.AddField(
            model_name="portalhomepage",
            name="consent_label",
            field=models.CharField(
                blank=True,
                help_text="Empty: “I agree”. It is part of what is agreed to: after a change customers are asked again.",
                max_length=255,
                verbose_name="label of the consent box",
            ),
        ),
        migrations.AddField(
            model_name="portalhomepage",
            name="consent_text",
            field=wagtail.fields.RichTextField(
                blank=True,
                help_text="What customers agree to before they see anything here, with links to your legal pages. Empty: nothing is asked in this language. After a change customers are asked again when they come next, so change it only if the meaning changes.",
                verbose_name="consent",
            ),
        ),
    ]
