"""Mounted by allauth below its own addresses."""

from django.urls import include, path

from wagtail_helpdesk.accounts.jwt import views

urlpatterns = [
    path(
        "jwt/<slug:slug>/",
        include(
            [
                path("", views.take, name="helpdesk_jwt_token"),
                path("login/", views.login, name="helpdesk_jwt_login"),
                path("finish/", views.finish, name="helpdesk_jwt_finish"),
            ]
        ),
    )
]
