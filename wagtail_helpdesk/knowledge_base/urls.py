"""Addresses of the knowledge base that are no pages. Mount them at the site's root."""

from __future__ import annotations

from django.urls import path

from wagtail_helpdesk.knowledge_base.llms_txt import llms_txt

app_name = "helpdesk_knowledge_base"

urlpatterns = [path("llms.txt", llms_txt, name="llms_txt")]
