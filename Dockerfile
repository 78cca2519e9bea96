# Builds the bundle; needs every dependency.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY build.mjs notices.mjs tsconfig.json ./
COPY rest-compat rest-compat
COPY schema schema
COPY console console
COPY src src
RUN node build.mjs --release

# Installs the dependencies that the bundle imports at run time, without the build tools.
FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:24-slim
# Given by the build: --build-arg REVISION=$(git rev-parse HEAD) --build-arg CREATED=$(date -u +%FT%TZ)
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="agent-api" \
      org.opencontainers.image.description="The management plane of conversational agents: a GraphQL gateway over a document store, with a REST compatibility router." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.base.name="docker.io/library/node:24-slim"
WORKDIR /app
# Without a bound, V8 lets the heap grow with the machine's memory before it collects garbage.
ENV NODE_OPTIONS=--max-old-space-size=1536
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 STORE_URL=lmdb:/data
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY deploy/healthcheck.sh /usr/local/bin/healthcheck
# The user `node` of the base image. A number, so that an orchestrator can see that it is not root.
RUN mkdir /data && chown 1000:1000 /data
USER 1000:1000
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["healthcheck"]
CMD ["node", "dist/agent-api.js", "serve"]
