from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeBaseConfig(AppConfig):
    name = "wagtail_helpdesk.knowledge_base"
    label = "helpdesk_knowledge_base"
    verbose_name = _("Knowledge base")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_helpdesk import frontend
        from wagtail_helpdesk.access.suggestions import register_articles
        from wagtail_helpdesk.knowledge_base import checks  # noqa: F401  (registers)
        from wagtail_helpdesk.knowledge_base.navigation import (
            contact_link,
            navigation,
        )
        from wagtail_helpdesk.knowledge_base.suggestions import KnowledgeBaseArticles

        frontend.register_navigation(navigation)
        frontend.register_contact_link(contact_link)
        register_articles(KnowledgeBaseArticles())
