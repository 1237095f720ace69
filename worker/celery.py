"""The Celery app. Messages are hints: every task can run twice, late or never without harm,
because the database says what is due.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TRANSPORT = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "health_check_interval": 25,
}
SECONDS_BETWEEN = {
    "look_for_jobs": 3.0,
    "refresh_labels": 15.0,
    "end_leases": 60.0,
    "check_schedules": 60.0,
    "sweep": 600.0,
}

app = Celery("halftone")
app.conf.update(
    broker_url=settings.BROKER_URL,
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="default",
    task_acks_late=False,
    task_soft_time_limit=None,
    worker_prefetch_multiplier=1,
    broker_transport_options=TRANSPORT,
    visibility_timeout=TRANSPORT["visibility_timeout"],
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    timezone="UTC",
    beat_scheduler="django_celery_beat.schedulers:DatabaseScheduler",
    beat_max_loop_interval=3,
    # expires: a message about a moment that is past says nothing, so a paused worker does not wake
    # to a pile of them
    beat_schedule={
        name: {
            "task": f"worker.tasks.{name}",
            "schedule": seconds,
            "options": {"expires": seconds * 2},
        }
        for name, seconds in SECONDS_BETWEEN.items()
    },
)
app.autodiscover_tasks(["worker"])
