"""A TLS proxy before the tests' server, and a library of real photos behind it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tls_proxy
from surroundings import missing


@pytest.fixture
def photos(tmp_path: Path, free_photos: list[Path]) -> Path:
    """A folder of four real photos."""
    home = tmp_path / "photos"
    home.mkdir()
    for photo in free_photos[:4]:
        shutil.copy(photo, home)
    return home


@pytest.fixture
def proxy(
    elasticsearch_store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tls_proxy.Proxy]:
    """A proxy whose `url` is that of a store that is not there yet; its authority is trusted."""
    if not shutil.which("openssl"):
        missing("openssl for a certificate")
    server, _, name = elasticsearch_store_url.rpartition("/")
    monkeypatch.delenv("MAGPIE_STORE_KEY", raising=False)
    with tls_proxy.before(server, tmp_path) as made:
        made.url = f"{made.url}/{name}"
        monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
        yield made
