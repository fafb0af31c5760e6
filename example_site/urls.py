from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from example_site.api import api_router
from wagtail_helpdesk.access.sitemaps import VisibleSitemap

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("wagtail_helpdesk.accounts.urls")),
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("helpdesk/", include("wagtail_helpdesk.urls")),
    path("api/v2/", api_router.urls),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": VisibleSitemap}}),
    # The files of images and documents, for those who may see their collection.
    path("media/", include("wagtail_helpdesk.access.media_urls")),
    # llms.txt
    path("", include("wagtail_helpdesk.knowledge_base.urls")),
]
if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
    urlpatterns.append(path("demo/mail/", include("example_site.sent_mail.urls")))
urlpatterns += i18n_patterns(
    path("", include("wagtail_helpdesk.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
