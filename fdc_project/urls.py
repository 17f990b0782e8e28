"""Addresses: each app keeps its own."""

from django.contrib import admin
from django.urls import include, path, re_path

from fdc_project import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.api_page, name="api_page"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/", api.addresses()),
    re_path(r"^api/(?P<rest>.*)$", api.missing, name="missing"),
    path("", include("generation.urls")),
    path("", include("review.urls")),
]

handler403 = "generation.views.errors.forbidden"
handler404 = "generation.views.errors.not_found"
handler500 = "generation.views.errors.server_error"
