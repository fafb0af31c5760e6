from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("helpdesk_portal", "0002_portal_consent")]

    operations = [
        migrations.AddField(
            model_name="portalhomepage",
            name="idle_minutes",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Never"),
                    (20, "After 20 minutes"),
                    (40, "After 40 minutes"),
                    (60, "After 60 minutes"),
                    (1440, "After 24 hours"),
                ],
                default=0,
                help_text=(
                    "Customers are warned two minutes before and stay signed in with "
                    "one key. Agents and editors are not signed out."
                ),
                verbose_name="sign out when idle",
            ),
        ),
    ]
