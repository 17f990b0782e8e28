"""Croissant 1.0: metadata of a dataset as JSON-LD. Source: docs.mlcommons.org/croissant/docs/croissant-spec.html."""

from __future__ import annotations

from typing import Any

from review.exporting.cards.card import split_name
from review.exporting.cards.facts import Facts

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
REQUIRED = (
    "@context", "@type", "conformsTo", "name", "description", "license", "url", "creator", "datePublished",
    "distribution",
)  # fmt: skip
_TYPES = {
    "string": "sc:Text", "bool": "sc:Boolean", "int64": "sc:Integer", "float64": "sc:Float", "list": "sc:Text",
    "struct": "sc:Text",
}  # fmt: skip
_LICENCE_PAGES = {
    "apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0", "mit": "https://opensource.org/license/mit",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/", "odc-by": "https://opendatacommons.org/licenses/by/",
    "odbl": "https://opendatacommons.org/licenses/odbl/",
}  # fmt: skip


def metadata(facts: Facts) -> dict[str, Any]:
    """The description as plain JSON. The same facts give the same."""
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": facts.title,
        "description": facts.about.description or f"Version {facts.version} of the dataset {facts.name}.",
        "license": licence_page(facts),
        "url": facts.about.url or f"urn:sha256:{facts.content_hash}",
        "creator": {"@type": "sc:Organization", "name": facts.about.creator or "not said"},
        "datePublished": facts.frozen_on,
        "version": f"{facts.version}.0.0",
        "isLiveDataset": False,
        "keywords": [facts.lineage.kind, facts.format_name],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": each.name,
                "name": each.name,
                "contentUrl": each.name,
                "contentSize": f"{each.size} B",
                "encodingFormat": each.media_type,
                "sha256": each.sha256,
            }
            for each in facts.files
        ],
        "recordSet": [_record_set(facts, each.name, split_name(each)) for each in facts.files],
    }
    if facts.languages:
        told["inLanguage"] = facts.languages
    if facts.lineage.reviewers:
        told["rai:dataAnnotationProtocol"] = "Every row was approved by a person, or comes from pairs that may go out."
    return told


def licence_page(facts: Facts) -> str:
    """The licence as an address where there is one, else its name."""
    if facts.licence == "other":
        return facts.about.licence_link or facts.about.licence_name or "other"
    if facts.licence.startswith("cc-by"):
        kind, _, version = facts.licence.removeprefix("cc-").rpartition("-")
        return f"https://creativecommons.org/licenses/{kind}/{version}/"
    return _LICENCE_PAGES.get(facts.licence, facts.licence)


def _record_set(facts: Facts, file_name: str, split: str) -> dict[str, Any]:
    array = file_name.endswith(".json")
    fields = []
    for name, kind in facts.fields.items():
        extract = {"jsonPath": f"$[*].{name}"} if array else {"column": name}
        field: dict[str, Any] = {
            "@type": "cr:Field",
            "@id": f"{split}/{name}",
            "name": name,
            "dataType": _TYPES.get(kind, "sc:Text"),
            "source": {"fileObject": {"@id": file_name}, "extract": extract},
        }
        if kind == "list":
            field["repeated"] = True
        fields.append(field)
    return {"@type": "cr:RecordSet", "@id": split, "name": split, "field": fields}
