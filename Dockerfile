# gongkai: collect, schedule and browse from one image. The base is an argument, for registries of your own.
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY archive archive
COPY crawler crawler
COPY scheduler scheduler
RUN python3 -m venv /opt/gongkai \
 && /opt/gongkai/bin/pip install --no-cache-dir -c constraints.txt .

FROM ${BASE}
ENV PATH=/opt/gongkai/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GONGKAI_CONFIG=/config \
    GONGKAI_DATA=/data
RUN useradd --system --create-home --uid 10001 gongkai \
 && mkdir -p /config /data \
 && chown gongkai:gongkai /data
COPY --from=build /opt/gongkai /opt/gongkai
COPY config /config
USER 10001
VOLUME ["/config", "/data"]
EXPOSE 8001
# Healthy: the archive can be read, and a scheduler that runs here has given a sign of life in ten minutes.
HEALTHCHECK --interval=5m --timeout=20s --start-period=1m CMD ["python3", "-m", "scheduler.health"]
ENTRYPOINT ["gongkai"]
CMD ["schedule"]
