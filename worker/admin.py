from django.contrib import admin

from annotate.admin import ReadOnly
from worker.models import Job, ModelVersion, Promotion, RetrainSchedule, TrainingRun

admin.site.register([Job, TrainingRun, ModelVersion, Promotion, RetrainSchedule], ReadOnly)
