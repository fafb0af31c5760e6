import django.db.models.deletion
import swapper
import wagtail.fields
from django.db import migrations, models

swapper.set_app_prefix("wagtailcore", "wagtail")


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk_portal", "0003_idle_timeout"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        swapper.dependency("wagtailcore", "Page"),
    ]

    operations = [
        migrations.CreateModel(
            name="SystemPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=swapper.get_model_name("wagtailcore", "Page"),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in", "Sign in"),
                            ("register", "Register"),
                            ("confirm", "Confirm the address"),
                            ("sign_out", "Sign out"),
                            ("denied", "Access denied"),
                            ("reset_request", "Forgotten password"),
                            ("reset_set", "Set a new password"),
                            ("reset_done", "Password changed"),
                            ("consent", "Consent"),
                        ],
                        help_text="Each purpose has one page below a portal.",
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "intro",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Stands below the title, above the fields.",
                        verbose_name="introduction",
                    ),
                ),
                (
                    "after_text",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Stands below the fields.",
                        verbose_name="text at the end",
                    ),
                ),
            ],
            options={
                "verbose_name": "system page",
                "verbose_name_plural": "system pages",
            },
            bases=(swapper.get_model_name("wagtailcore", "Page"), models.Model),
        ),
    ]
