# The product alone: no practice servers, no developers' tools. Docker (BuildKit), Podman and Buildah
# build it as it stands.
#
# BASE is the client's choice and has no default: a Debian or official Python image with Python
# 3.11 to 3.14 and its venv module, pinned by digest (…@sha256:…), from the registry they trust.
#   docker build --build-arg BASE=REGISTRY/IMAGE@sha256:… --tag seatrial .
# A package index of their own goes in as a secret, which no layer keeps:
#   --secret id=pip,src=pip.conf
# It runs with nothing writable but /out and /tmp, and with no capability:
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     --volume "$PWD/acme:/acme:ro" --volume results:/out --env-file acme.env seatrial prove /acme
ARG BASE
FROM ${BASE}

COPY pyproject.toml README.md LICENSE LICENCES.md requirements-product.lock seatrial_command.py /src/
COPY seatrial /src/seatrial
COPY connectors /src/connectors
COPY contracts /src/contracts
COPY harness /src/harness

# One layer: what built our wheel, and pip, are gone before it is kept.
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv /opt/seatrial \
 && /opt/seatrial/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
      --requirement /src/requirements-product.lock \
 && /opt/seatrial/bin/pip install --no-cache-dir --no-deps --no-index --no-build-isolation /src \
 && /opt/seatrial/bin/pip uninstall --quiet --yes hatchling pathspec pluggy trove-classifiers pip \
 && rm -r /src \
 && groupadd --gid 10001 seatrial \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
      --shell /usr/sbin/nologin seatrial \
 && install --directory --owner=seatrial --group=seatrial --mode=0700 /out

ENV PATH=/opt/seatrial/bin:${PATH}
# From / the results' default, out/PILOT, is the volume /out.
WORKDIR /
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
ENTRYPOINT ["seatrial"]
