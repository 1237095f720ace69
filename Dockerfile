FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/halftone
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
RUN useradd --system --home /srv/halftone halftone && install -d -o halftone /data \
 && SECRET_KEY=only-while-building-0123456789-abcdefghijklmnop ALLOWED_HOSTS=localhost DATA_DIR=/tmp python manage.py collectstatic --noinput
USER halftone
ENV DATA_DIR=/data
EXPOSE 8000
CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi", "-b", "0.0.0.0:8000", "-w", "4"]
