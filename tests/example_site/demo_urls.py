"""The example site's addresses as the demo has them, with DEBUG on."""

from django.urls import include, path

from example_site.urls import urlpatterns as site_urlpatterns

urlpatterns = [
    path("demo/mail/", include("example_site.sent_mail.urls")),
    *site_urlpatterns,
]
