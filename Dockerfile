# syntax=docker/dockerfile:1
# One image for every role: docker build --build-arg COMMIT=$(git rev-parse HEAD) -t sagaworks .
# How to run it: docs/how-to/run-in-docker.md

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Without install scripts: no package that runs in production has one it needs.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
RUN npm sbom --package-lock-only --omit=dev --omit=optional --sbom-format=cyclonedx --sbom-type=application > sbom.cdx.json

# What runs is left: the binary of this platform, and no sources, types or source maps of packages.
FROM packages AS production
RUN cd node_modules/@temporalio/core-bridge \
 && find releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
 && test -s releases/*/index.node \
 && rm -r sdk-core src ts
RUN find node_modules -type f \
    \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.md' -o -name '*.markdown' -o -name '*.test.js' \) -delete

FROM packages AS build
# With the optional packages: the compiler of the workflows' bundle is one for each platform.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build \
 && node_modules/.bin/vite build console --outDir ../dist/console/dist --logLevel warn \
 && node dist/infra/docker/bundle-workflows.js dist/workflows.bundle.js \
 && find dist -name '*.map' -delete

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 WORKFLOW_BUNDLE=/app/dist/workflows.bundle.js
WORKDIR /app
COPY --from=production /app /app
COPY --from=build /app/dist dist
COPY infra/docker/health.js infra/docker/
RUN chmod +x dist/cli/sagaworks.js && ln -s /app/dist/cli/sagaworks.js /usr/local/bin/sagaworks \
 # Where volumes of secrets are mounted: a new volume takes over the owner of the folder.
 && install -d -o node -g node -m 0700 /run/sagaworks /run/sagaworks-owners
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s CMD ["node", "/app/infra/docker/health.js"]
# Node is the first process, so that signals reach it.
ENTRYPOINT ["sagaworks"]
CMD ["run", "all"]

# Last, so that a new commit leaves everything above in the cache.
ARG COMMIT=unknown
ARG VERSION=0.1.0
ENV SAGAWORKS_COMMIT=$COMMIT
LABEL org.opencontainers.image.title="Sagaworks" \
      org.opencontainers.image.description="An event-driven order platform: event log, RabbitMQ relay, Temporal sagas, Kysely read models" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.documentation="docs/how-to/run-in-docker.md" \
      org.opencontainers.image.base.name="docker.io/library/node:24-slim"
