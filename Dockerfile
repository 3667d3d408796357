# The server in a small image: built with link-time optimisation, run without root.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/build/target \
    cargo build --locked --profile dist && cp target/dist/tertulia /tertulia

FROM debian:bookworm-slim
# Webhooks go to addresses whose certificates the system trusts.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home tertulia
COPY --from=build /tertulia /usr/local/bin/tertulia
USER 10001
EXPOSE 8080
ENV TERTULIA_SERVER__LISTEN=0.0.0.0:8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["tertulia", "health"]
ENTRYPOINT ["tertulia"]
CMD ["serve"]
