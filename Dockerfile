# One image for all parts; the command picks the part. The versions are those of requirements.lock.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /build
COPY pyproject.toml requirements.lock ./
RUN sed -n '/^uv==/,/^ *# via/p' requirements.lock > uv.lock \
    && pip install --no-cache-dir --require-hashes -r uv.lock \
    && python -m venv --without-pip /opt/venv \
    && uv pip install --no-cache --python /opt/venv/bin/python --compile-bytecode \
        --require-hashes --constraint requirements.lock --requirement pyproject.toml

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY shared/ shared/
COPY services/ services/
COPY gateway/ gateway/
COPY mail_host/ mail_host/
RUN /opt/venv/bin/python -m compileall -q shared services gateway mail_host
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8000 9000
CMD ["gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"]
