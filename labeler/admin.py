from django.contrib import admin

from annotate.admin import ReadOnly
from labeler.models import Dataset, ReliabilityRun, SoftLabelSet

admin.site.register([ReliabilityRun, SoftLabelSet], ReadOnly)


@admin.register(Dataset)
class DatasetAdmin(ReadOnly):
    exclude = ("payload",)
