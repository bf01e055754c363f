# scimproof as an image: docker build -t scimproof . (docs/ci.md). It holds no secret; the token
# comes from the environment of the container.
FROM python:3.13.9-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE scimproof.py ./
COPY idp_profiles idp_profiles
COPY reference_server reference_server
COPY reports reports
COPY suites suites
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.13.9-slim-bookworm
COPY constraints.txt /wheel/
RUN --mount=type=bind,from=build,source=/wheel,target=/built \
    python -m pip install --no-cache-dir -c /wheel/constraints.txt /built/*.whl \
    && rm -r /wheel \
    && useradd --create-home --uid 10001 scimproof \
    && install --directory --owner=scimproof --mode=0777 /reports
USER 10001
WORKDIR /reports
ENTRYPOINT ["scimproof"]
CMD ["--help"]
