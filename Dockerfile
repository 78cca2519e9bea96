# Builds the bundle; needs every dependency.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY build.mjs tsconfig.json ./
COPY rest-compat rest-compat
COPY schema schema
COPY console console
COPY src src
RUN node build.mjs

# Installs the dependencies that the bundle imports at run time, without the build tools.
FROM node:20-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:20-slim
WORKDIR /app
# Without a bound, V8 lets the heap grow with the machine's memory before it collects garbage.
ENV NODE_OPTIONS=--max-old-space-size=1536
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 STORE_URL=lmdb:/data
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY src/catalog/content src/catalog/content
COPY package.json ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/agent-api.js", "serve"]
