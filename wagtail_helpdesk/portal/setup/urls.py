"""The addresses of the set-up, below the Wagtail admin."""

from __future__ import annotations

from django.urls import path

from wagtail_helpdesk.portal.setup import (
    hiding_view,
    pages,
    step_view,
    switching_view,
    trying_view,
    views,
)

_PORTALS = "helpdesk/setup/portals/"

urlpatterns = [
    path(_PORTALS, views.overview, name=pages.OVERVIEW),
    path(f"{_PORTALS}new/", views.new, name=pages.NEW),
    path(f"{_PORTALS}<int:pk>/", views.checklist, name=pages.CHECKLIST),
    path(f"{_PORTALS}<int:pk>/switch/", switching_view.switch, name=pages.SWITCH),
    path(f"{_PORTALS}<int:pk>/hide/", hiding_view.hide_steps, name=pages.HIDE),
    path(f"{_PORTALS}<int:pk>/test-ticket/", trying_view.test_ticket, name=pages.TEST),
    path(f"{_PORTALS}<int:pk>/<slug:step>/", step_view.step, name=pages.STEP),
]
