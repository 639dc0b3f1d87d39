# One file, one target for each app. All apps share the layers with Node and the dependencies, so that an image is small to send.
#   docker build --target order-service .

FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/api-gateway/package.json apps/api-gateway/
COPY apps/auth-server/package.json apps/auth-server/
COPY apps/order-service/package.json apps/order-service/
COPY apps/user-service/package.json apps/user-service/
COPY apps/web/package.json apps/web/
COPY e2e/package.json e2e/
COPY packages/access-tokens/package.json packages/access-tokens/
COPY packages/api-client/package.json packages/api-client/
COPY packages/cache-aside/package.json packages/cache-aside/
COPY packages/database/package.json packages/database/
COPY packages/design/package.json packages/design/
COPY packages/events/package.json packages/events/
COPY packages/local-infrastructure/package.json packages/local-infrastructure/
COPY packages/rate-limits/package.json packages/rate-limits/
COPY packages/reverse-proxy/package.json packages/reverse-proxy/
COPY packages/service-kit/package.json packages/service-kit/
COPY packages/testing/package.json packages/testing/
COPY platform/package.json platform/

# What the servers need at run time. No install script runs: none of these packages has one that matters.
FROM manifests AS dependencies
RUN npm ci --omit=dev --ignore-scripts --no-update-notifier \
  --workspace apps/api-gateway --workspace apps/auth-server --workspace apps/order-service --workspace apps/user-service

FROM manifests AS web
RUN npm ci --ignore-scripts --no-update-notifier --workspace apps/web --workspace packages/api-client
COPY tsconfig.json ./
COPY packages/api-client packages/api-client
COPY packages/design packages/design
COPY apps/web apps/web
RUN cd apps/web && ../../node_modules/.bin/vite build

FROM node:24-bookworm-slim AS server
ENV NODE_ENV=production APP_ENV=production HOST=0.0.0.0 ADMIN_HOST=0.0.0.0
# Half the memory under load: on large machines Node lets garbage grow to 128 MB before it looks, and the C library keeps an arena for each thread.
ENV NODE_OPTIONS=--max-semi-space-size=8 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY packages packages
COPY deploy/compose/healthcheck.ts deploy/compose/healthcheck.ts
USER node
# Compose and Kubernetes read the same endpoint; the port is the app's own ADMIN_PORT.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=5 CMD ["node", "deploy/compose/healthcheck.ts"]

FROM server AS auth-server
ENV PORT=8081 ADMIN_PORT=9081
COPY apps/auth-server apps/auth-server
CMD ["node", "apps/auth-server/src/main.ts"]

FROM server AS user-service
ENV PORT=8091 ADMIN_PORT=9091
COPY apps/user-service apps/user-service
CMD ["node", "apps/user-service/src/main.ts"]

FROM server AS order-service
ENV PORT=8092 ADMIN_PORT=9092
COPY apps/order-service apps/order-service
CMD ["node", "apps/order-service/src/main.ts"]

FROM server AS api-gateway
ENV PORT=8080 ADMIN_PORT=9080
COPY apps/api-gateway apps/api-gateway
COPY --from=web /app/apps/web/dist apps/web/dist
CMD ["node", "apps/api-gateway/src/main.ts"]

# Makes the secrets of one installation, each into the volume of the one container that reads it.
FROM node:24-bookworm-slim AS secrets
WORKDIR /app
COPY deploy/compose/make-secrets.ts ./
CMD ["node", "make-secrets.ts"]
