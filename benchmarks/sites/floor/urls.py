from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from benchmarks.sites.floor import views

urlpatterns = [
    path("hello/", views.hello),
    path("list.json", views.orm_list),
    path("admin/floor/shell/", require_admin_access(views.ShellView.as_view())),
    path("admin/floor/list/", require_admin_access(views.ShellListView.as_view())),
    path("admin/floor/search/", require_admin_access(views.ShellSearchView.as_view())),
    path("admin/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]
