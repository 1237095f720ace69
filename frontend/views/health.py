"""For supervisors and load balancers: is the process alive, and can it do its work?"""

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

FEWEST_FREE_BYTES = 20 * 1024**2


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and can be written to. The broker is left out on purpose: people can
    annotate without it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ok": False, "database": "does not answer"}, status=503)
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < FEWEST_FREE_BYTES:
        disk = f"{free // 1024**2} MB free; answers cannot be kept"
        return JsonResponse({"ok": False, "database": "answers", "disk": disk}, status=503)
    return JsonResponse({"ok": True, "database": "answers", "disk": "has room"})
