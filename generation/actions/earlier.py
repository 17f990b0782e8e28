"""What earlier runs of a project were answered, for runs that may use it again instead of paying twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from generation.engine.reuse import EarlierAnswer
from generation.models import Endpoint, Run

_AT_ONCE = 400
# Literals, not parameters: a partial index serves only a condition that its planner can read.
_FIND = """
SELECT call.fingerprint, call.id, call.raw, call.status
FROM generation_call call JOIN generation_run run ON run.id = call.run_id
WHERE call.fingerprint IN ({places}) AND call.state = 'parsed' AND call.reused_from_id IS NULL
AND run.project_id = %s AND run.id <> %s AND COALESCE(call.endpoint_id, run.endpoint_id) = %s {since}
AND call.model IN ('', %s)
ORDER BY call.id
"""


def earlier_answers(
    run: Run, *, endpoint: int | None, model: str, fingerprints: Sequence[str]
) -> Mapping[str, EarlierAnswer]:
    """Fingerprint -> the oldest answer that another run of the same project got from the same model at that endpoint.

    Nothing unless the run asked for it, nothing by rules or from a source that stood by, nothing from before the
    endpoint's address was changed. Only answers that were read and paid for count: no failures, and none that was
    itself taken over.
    """
    found: dict[str, EarlierAnswer] = {}
    lost = run.source_at and (endpoint, model) == (run.endpoint_id, run.model)
    if not run.reuse or run.offline or endpoint is None or lost:
        return found
    since = Endpoint.objects.values_list("address_since", flat=True).get(pk=endpoint)
    after = [] if since is None else [connection.ops.adapt_datetimefield_value(since)]
    for start in range(0, len(fingerprints), _AT_ONCE):
        some = fingerprints[start : start + _AT_ONCE]
        statement = _FIND.format(places=", ".join(["%s"] * len(some)), since="AND call.sent_at >= %s" if after else "")
        with connection.cursor() as cursor:
            cursor.execute(statement, [*some, run.project_id, run.pk, endpoint, *after, model])
            for fingerprint, call, raw, status in cursor.fetchall():
                found.setdefault(fingerprint, EarlierAnswer(call, bytes(raw), status or 200))
    return found
