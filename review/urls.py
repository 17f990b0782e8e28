"""Addresses of this app: view name = URL name = template stem."""

from django.urls import URLPattern, URLResolver, path

from review.views import (
    cards,
    datasets,
    exports,
    home,
    lineage,
    prompt_versions,
    review,
    samples,
    spend,
    training,
    versions,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("p/<slug:slug>/", home.home, name="home"),
    path("spend", spend.spending, name="spending"),
    path("p/<slug:slug>/spend", spend.spend, name="spend"),
    path(
        "p/<slug:slug>/prompts/<str:slot>/<str:language>/versions",
        prompt_versions.prompt_versions,
        name="prompt_versions",
    ),
    path("p/<slug:slug>/review", review.review, name="review"),
    path("p/<slug:slug>/review/decide", review.decide, name="decide"),
    path("p/<slug:slug>/review/undo", review.undo, name="undo"),
    path("p/<slug:slug>/samples", samples.samples, name="samples"),
    path("p/<slug:slug>/samples/<int:sample_id>", samples.sample, name="sample"),
    path("p/<slug:slug>/samples/<int:sample_id>/training", training.training, name="training"),
    path("p/<slug:slug>/samples/<int:sample_id>/lineage", lineage.lineage, name="lineage"),
    path("p/<slug:slug>/samples/<int:sample_id>/put-back", samples.put_back, name="put_back"),
    path("p/<slug:slug>/datasets/<int:dataset_id>/card", cards.dataset_card, name="dataset_card"),
    path("p/<slug:slug>/datasets", datasets.datasets, name="datasets"),
    path("p/<slug:slug>/datasets/new", datasets.dataset_new, name="dataset_new"),
    path("p/<slug:slug>/datasets/<int:dataset_id>", datasets.dataset, name="dataset"),
    path("p/<slug:slug>/datasets/<int:dataset_id>/compare", versions.versions_compare, name="versions_compare"),
    path("p/<slug:slug>/datasets/<int:dataset_id>/v/<int:number>", versions.version, name="version"),
    path("p/<slug:slug>/datasets/<int:dataset_id>/v/<int:number>/rows", versions.version_rows, name="version_rows"),
    path("p/<slug:slug>/exports", exports.exports, name="exports"),
    path("p/<slug:slug>/exports/new", exports.export_new, name="export_new"),
    path("p/<slug:slug>/exports/<int:export_id>", exports.export, name="export"),
    path("p/<slug:slug>/exports/<int:export_id>/file", exports.export_file, name="export_file"),
    path("p/<slug:slug>/exports/<int:export_id>/manifest", exports.export_manifest, name="export_manifest"),
]
