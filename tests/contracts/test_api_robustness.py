"""Made-up requests, most of them nonsense, to every operation: none ends in a fault of ours, refusals have one shape.

`FDC_TRUST=1` asks far more of them.
"""

from __future__ import annotations

import json
import os

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings

from fdc_project.api import described
from tests.cast import make_cast
from tests.program import Program
from tests.world import make_world

EXAMPLES = 200 if os.environ.get("FDC_TRUST") else 3
SCHEMA = schemathesis.openapi.from_dict(described())


@pytest.fixture(scope="module")
def asking(django_db_setup, django_db_blocker, tmp_path_factory):
    """A program of the owner's and one row of everything, made once and undone after the last operation."""
    folder = tmp_path_factory.mktemp("files")
    roots = {"EXPORT_ROOT": folder / "exports", "IMPORT_ROOT": folder / "imports"}
    with override_settings(**roots), django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        yield Program(cast.alice).client, make_world(cast.project, owner=cast.alice).arguments
        transaction.set_rollback(True)


@pytest.mark.django_db
@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_is_answered_by_a_fault_of_ours(case, asking):
    client, arguments = asking
    case.path_parameters = {name: arguments[name] for name in case.path_parameters or {}}
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    kind = sent.headers.get("Content-Type", "application/octet-stream")
    headers = {name: value for name, value in sent.headers.items() if name == "Idempotency-Key"}
    answer = client.generic(sent.method, sent.path_url, sent.body or b"", content_type=kind, headers=headers)
    assert answer.status_code < 500, (sent.method, sent.path_url, sent.body)
    if answer.status_code >= 400 and answer.status_code not in (405, 409):
        assert {"code", "message", "path"} <= json.loads(answer.content).keys()
