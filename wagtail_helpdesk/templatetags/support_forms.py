"""Puts a support form into a template of one's own, without a StreamField."""

from __future__ import annotations

from django import template
from django.template.context import Context

from wagtail_helpdesk.forms.live import LiveForm, page_forms
from wagtail_helpdesk.models import SupportForm

register = template.Library()


@register.simple_tag(takes_context=True)
def support_form_state(context: Context, support_form: SupportForm) -> LiveForm:
    """The state of a form on this page.

    Usage: ``{% support_form_state form as live_form %}``, then include
    ``wagtail_helpdesk/forms/support_form.html``.

    Args:
        context: The template context, with ``request``; on a page also ``page``.
        support_form: The form.
    """
    forms = page_forms(context["request"], context.get("page"))
    return forms.live(support_form)
