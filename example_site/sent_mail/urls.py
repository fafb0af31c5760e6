"""Mounted at ``/demo/mail/``, in the demo only: mails contain sign-in codes."""

from django.urls import path

from example_site.sent_mail import views

app_name = "sent_mail"
urlpatterns = [
    path("", views.mail_list, name="list"),
    path("<slug:key>/", views.mail_detail, name="mail"),
    path("<slug:key>/html/", views.mail_html, name="html"),
]
