"""Addresses of this app: view name = URL name = template stem."""

from django.urls import URLPattern, URLResolver, path

from review.views import exports, home, review, samples

urlpatterns: list[URLPattern | URLResolver] = [
    path("p/<slug:slug>/", home.home, name="home"),
    path("p/<slug:slug>/review", review.review, name="review"),
    path("p/<slug:slug>/review/decide", review.decide, name="decide"),
    path("p/<slug:slug>/review/undo", review.undo, name="undo"),
    path("p/<slug:slug>/samples", samples.samples, name="samples"),
    path("p/<slug:slug>/samples/<int:sample_id>", samples.sample, name="sample"),
    path("p/<slug:slug>/samples/<int:sample_id>/put-back", samples.put_back, name="put_back"),
    path("p/<slug:slug>/exports", exports.exports, name="exports"),
    path("p/<slug:slug>/exports/new", exports.export_new, name="export_new"),
    path("p/<slug:slug>/exports/<int:export_id>", exports.export, name="export"),
    path("p/<slug:slug>/exports/<int:export_id>/file", exports.export_file, name="export_file"),
    path("p/<slug:slug>/exports/<int:export_id>/manifest", exports.export_manifest, name="export_manifest"),
]
