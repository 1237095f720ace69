from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("frontend.api.urls")),
    path("", include("frontend.urls")),
    path("accounts/", include("allauth.urls")),  # after ours, which takes its place at one address
]
