"""Every setting of Halftone, in one file, read from the environment (see config/env.py). Nothing
here has a secret default.
"""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = env.load(BASE_DIR)

SECRET_KEY = ENV.secret("SECRET_KEY")
DEBUG = ENV.flag("DEBUG", "no")
# off only where the site is reached over plain http on this machine
HTTPS = ENV.flag("HTTPS", "yes")
ALLOWED_HOSTS = ENV.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = ENV.words("TRUSTED_ORIGINS")
DATA_DIR = Path(ENV.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
RUN_DIR = Path(ENV.text("RUN_DIR", str(env.short_folder(DATA_DIR / "run"))))  # sockets and locks
EMBEDDED_BROKER = f"redis+socket://{RUN_DIR}/redis.sock"
BROKER_URL = ENV.text("BROKER_URL", ENV.parts_of_url("BROKER", "redis", "/0") or EMBEDDED_BROKER)
# a local Hugging Face folder, or the encoder that comes with the packages
ENCODER_DIR = ENV.text("ENCODER_DIR", "packaged")
LEASE_MINUTES = ENV.number("LEASE_MINUTES", 30)
# without a sign of life for this long, a job goes to another worker
JOB_LEASE_SECONDS = ENV.number("JOB_LEASE_SECONDS", 45)
UPLOAD_LIMIT_MB = ENV.number("UPLOAD_LIMIT_MB", 200)
BODY_LIMIT_MB = ENV.number("BODY_LIMIT_MB", 10)  # a JSON body of the API

if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is empty. Name the hosts this site answers to, for example"
        " ALLOWED_HOSTS=labels.example.org"
    )
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS=* accepts any host name. Name the hosts this site answers to."
    )

INSTALLED_APPS = [
    "django.forms",
    "frontend",  # before allauth, so that its sign-in page is ours
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "frontend.static_files.PublishedStaticFiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_celery_beat",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "annotate",
    "labeler",
    "worker",
]

MIDDLEWARE = [
    "frontend.middleware.AnyHostForHealth",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "frontend.middleware.PrivatePages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

POSTGRESQL = ENV.parts_of_url("DATABASE", "postgres", f"/{ENV.text('DATABASE_NAME', 'halftone')}")
DATABASE_URL = ENV.text("DATABASE_URL", POSTGRESQL or f"sqlite:///{DATA_DIR}/halftone.sqlite3")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL with immediate transactions is the one combination that refused no write (docs/adr/0002);
    # FULL keeps commits over power loss.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA"
            " busy_timeout=20000;"
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # a file: Arrow reads it through a connection of its own
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    # kept: a connection found broken costs one 503, which clients repeat with the same key
    DATABASES["default"]["CONN_MAX_AGE"] = None

AUTH_USER_MODEL = "annotate.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "projects"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "frontend.accounts.Door"
# The door counts wrong passwords itself, by rows; what allauth counts beside it is in this cache.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},  # drawn charts, some 20 kB each
    }
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
EMAIL_HOST = ENV.optional("EMAIL_HOST")
SENDS_MAIL = bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_MAIL else 'console'}.EmailBackend"
EMAIL_PORT = ENV.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = ENV.optional("EMAIL_USER")
EMAIL_HOST_PASSWORD = ENV.optional("EMAIL_PASSWORD")
EMAIL_USE_TLS = ENV.flag("EMAIL_TLS", "yes")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.text("EMAIL_FROM", "halftone@localhost")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "frontend.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["frontend.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "frontend.api.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Halftone",
    "DESCRIPTION": "Collect nuanced labels, learn from all of them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"JobStatusEnum": "worker.models.Job.Status"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# __Host- promises the path /, so a site below another path has the next best
COOKIE_PREFIX = (
    "halftone_" if not HTTPS else "__Secure-" if ENV.optional("SITE_PATH") else "__Host-"
)
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}session", f"{COOKIE_PREFIX}csrf"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.number("PROXY_COUNT", 1 if ENV.flag("BEHIND_PROXY", "no") else 0)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENV.flag("BEHIND_PROXY", "no") else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
# a JSON body; files stream to disk and are bounded by UPLOAD_LIMIT_MB
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SITE_PATH = ENV.optional("SITE_PATH").rstrip("/")  # such as /halftone, when a proxy serves it there
FORCE_SCRIPT_NAME = SITE_PATH or None
STATIC_URL = f"{SITE_PATH}/static/"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{SITE_PATH}/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {name: {"level": "INFO"} for name in ("annotate", "labeler", "worker", "frontend")},
}
