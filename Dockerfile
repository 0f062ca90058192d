# One image for all parts of the platform; the command picks the part. The versions are those of requirements.lock.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# What the lock names for tests and tools stays out: it only constrains what pyproject.toml requires.
RUN sed -n '/^uv==/,/^ *# via/p' requirements.lock > uv.lock \
    && pip install --no-cache-dir --require-hashes -r uv.lock \
    && python -m venv --without-pip /opt/venv \
    && uv pip install --no-cache --python /opt/venv/bin/python --compile-bytecode --only-binary :all: \
        --require-hashes --constraint requirements.lock --requirement pyproject.toml
WORKDIR /app
COPY shared/ shared/
COPY services/ services/
COPY gateway/ gateway/
COPY mail_host/ mail_host/
COPY ops/ ops/
RUN python -m compileall -q .

FROM ${BASE_IMAGE}
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# Where volumes are mounted: what another exchange's agent fetches and leaves, and backups.
RUN mkdir /outside /backups && chown 10001:10001 /outside /backups
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000 9000
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Trục Chung" \
      org.opencontainers.image.description="The shared government services of a Vietnamese city." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
CMD ["gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"]
