import datetime

import django.db.models.deletion
from django.core.management import call_command
from django.db import migrations, models

LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Keys made before have no end and do not know their owner's password: they stop working."""

    dependencies = [("annotate", "0002_index_answers_of_annotators")]

    operations = [
        migrations.AddField(
            "apitoken",
            "expires_at",
            models.DateTimeField(default=LONG_AGO),
            preserve_default=False,
        ),
        migrations.AddField(
            "apitoken",
            "session",
            models.CharField(default="", max_length=128),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        help_text="SHA-256 of the name as it was typed.", max_length=64
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "device",
                    models.CharField(
                        blank=True, help_text="Of a browser known before.", max_length=64
                    ),
                ),
                ("failed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "failed_at"], name="failed_sign_in_account"),
                    models.Index(fields=["address", "failed_at"], name="failed_sign_in_address"),
                    models.Index(fields=["failed_at"], name="failed_sign_in_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Viewing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("viewed_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotate.item",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotate.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "item"), name="viewing_once")
                ],
            },
        ),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
