# Two stages, because building Annoy needs a compiler that the final image does not.
FROM python:3.12.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ \
    && rm -rf /var/lib/apt/lists/*
# By default, Annoy is compiled for the processor of the machine that builds it.
ENV ANNOY_COMPILER_ARGS="-fpermissive,-O3,-ffast-math,-fno-associative-math,-DANNOYLIB_MULTITHREADED_BUILD,-std=c++14"
WORKDIR /src
COPY pyproject.toml setup.cfg constraints.txt README.md LICENSE ./
COPY indexer indexer
COPY search search
COPY mappings mappings
# The versions alone: pip can check no hashes while it installs a folder.
RUN sed -n 's/ *\\$//; /==/p' constraints.txt > versions.txt \
    && python -m venv /opt/magpie && /opt/magpie/bin/pip install --no-cache-dir --constraint versions.txt .

FROM python:3.12.11-slim-bookworm
COPY --from=build /opt/magpie /opt/magpie
RUN useradd --create-home --uid 10001 magpie && install -d -o magpie /data /cache
ENV PATH=/opt/magpie/bin:$PATH \
    MAGPIE_STORE=sqlite:////data/photos.db \
    MAGPIE_CACHE=/cache
USER magpie
VOLUME ["/data", "/cache"]
ENTRYPOINT ["magpie"]
CMD ["--help"]
