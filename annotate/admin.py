"""A plain look at the tables for the superuser. What people do goes through services, so nothing
that they own is editable here.
"""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from annotate.models import Annotation, Assignment, Import, Item, LabelSet, Member, Project, User

admin.site.register(User, UserAdmin)


@admin.register(Project, LabelSet, Member, Item, Assignment, Annotation, Import)
class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
