"""The dashboards of mappings/kibana, fitted to a store and imported into Kibana."""

import base64
import http.client
import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import mappings
from indexer.errors import BadValue, MagpieError, StoreAway

Json = dict[str, Any]

STORE, API = "photos", "http://127.0.0.1:8000"
"""The store and API that the objects of mappings/kibana name."""

IMPORT = "/api/saved_objects/_import?overwrite=true"
TIMEOUT_SECONDS = 60.0
BAD_URL = "Kibana's URL {wrong}: use http://HOST:5601 or https://USER:PASSWORD@HOST/s/SPACE"
NOT_KIBANA = "{place} is not Kibana ({why}): check host, port and path"
REFUSED = (
    "{place} refuses this user or key (status {status}): give USER:PASSWORD in the URL, or an API "
    "key in MAGPIE_KIBANA_KEY, of someone who may save objects"
)


@dataclass(frozen=True, slots=True)
class Kibana:
    """Where a Kibana is.

    Attributes:
        place: its URL without credentials, the path of a space included.
        authorization: value of the header; "" if none is needed.
    """

    place: str
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RefusedObject:
    """A saved object that Kibana refused."""

    kind: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What Kibana answered.

    Attributes:
        kibana: its URL.
        objects: number of objects that it took.
        dashboards: their addresses.
        failed: the objects that it refused.
    """

    kibana: str
    objects: int
    dashboards: tuple[str, ...]
    failed: tuple[RefusedObject, ...]


def parse_kibana(url: str, key: str = "") -> Kibana:
    """Read "http(s)://[user:password@]host[:port][/path]"; a key takes precedence over a password.

    Raises:
        BadValue: it is not such a URL; the message does not repeat it, as it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise BadValue(BAD_URL.format(wrong="has a bad host or port")) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.path:
        raise BadValue(BAD_URL.format(wrong="names no host"))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"
    if key:
        return Kibana(place, f"ApiKey {key}")
    if parts.username is None:
        return Kibana(place)
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Kibana(place, f"Basic {base64.b64encode(pair.encode()).decode()}")


def saved_objects(store: str, api: str) -> list[Json]:
    """Return the saved objects of a store; those of several stores can exist side by side.

    Args:
        store: the name of the store, as in its URL.
        api: base URL of the HTTP API, from which browsers get thumbnails.
    """
    return [_fit(one, store, api.rstrip("/")) for one in mappings.kibana()]


def _fit(one: Json, store: str, api: str) -> Json:
    attributes = dict(one["attributes"])
    if one["type"] == "index-pattern":
        attributes["title"] = store + attributes["title"].removeprefix(STORE)
        attributes["fieldFormatMap"] = attributes["fieldFormatMap"].replace(API, api)
    if store != STORE:
        title = "name" if one["type"] == "index-pattern" else "title"
        attributes[title] = f"{attributes[title]} ({store})"
    references = [{**other, "id": _own(other["id"], store)} for other in one["references"]]
    return {
        **one,
        "id": _own(one["id"], store),
        "attributes": attributes,
        "references": references,
    }


def _own(id: str, store: str) -> str:
    return id.replace(f"magpie-{STORE}-", f"magpie-{store}-", 1)


def to_lines(objects: Sequence[Json]) -> str:
    """Return saved objects as the text of a file that Kibana imports."""
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in objects)


def import_objects(kibana: Kibana, objects: Sequence[Json]) -> Imported:
    """Import saved objects into Kibana; objects with the same ids are replaced.

    Raises:
        BadValue: it is not Kibana, or it refuses the user.
        StoreAway: it cannot be reached, or is not ready.
    """
    answer = _post(kibana, to_lines(objects))
    try:
        errors = answer.get("errors", [])
        failed = tuple(_refused(error) for error in errors)
        count = int(answer["successCount"])
    except (AttributeError, KeyError, TypeError, ValueError):
        why = "its answer is not that of an import"
        raise BadValue(NOT_KIBANA.format(place=kibana.place, why=why)) from None
    lost = {error["id"] for error in errors}
    shown = (one["id"] for one in objects if one["type"] == "dashboard" and one["id"] not in lost)
    addresses = tuple(f"{kibana.place}/app/dashboards#/view/{id}" for id in shown)
    return Imported(kibana.place, count, addresses, failed)


def _refused(error: Json) -> RefusedObject:
    details = error["error"]
    missing = ", ".join(f"{one['type']} {one['id']}" for one in details.get("references", ()))
    reason = details.get("message") or details["type"]
    title = error.get("meta", {}).get("title") or error["id"]
    return RefusedObject(error["type"], title, f"{reason}: {missing}" if missing else reason)


def _post(kibana: Kibana, lines: str) -> Any:
    boundary = secrets.token_hex(16)
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="magpie.ndjson"\r\n'
        f"Content-Type: application/ndjson\r\n\r\n{lines}\r\n--{boundary}--\r\n"
    )
    headers = {"kbn-xsrf": "magpie", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    if kibana.authorization:
        headers["Authorization"] = kibana.authorization
    asked = urllib.request.Request(f"{kibana.place}{IMPORT}", body.encode(), headers)
    try:
        with _direct().open(asked, timeout=TIMEOUT_SECONDS) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(kibana.place, error) from None
    except ValueError:
        raise BadValue(
            NOT_KIBANA.format(place=kibana.place, why="it does not answer in JSON")
        ) from None
    except http.client.HTTPException:
        raise BadValue(
            NOT_KIBANA.format(place=kibana.place, why="it does not speak HTTP")
        ) from None
    except OSError as error:
        why = getattr(error, "reason", error)
        raise StoreAway(
            f"{kibana.place} cannot be reached ({why}): is Kibana running there?"
        ) from None


def _direct() -> urllib.request.OpenerDirector:
    """Return what follows no redirection, so that the key goes nowhere else."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    return urllib.request.build_opener(Stay)


def _refusal(place: str, error: urllib.error.HTTPError) -> MagpieError:
    if error.code in (401, 403):
        return BadValue(REFUSED.format(place=place, status=error.code))
    if error.code in (429, 502, 503):
        return StoreAway(f"{place} is not ready (status {error.code}): try again soon")
    try:
        why = str(json.loads(error.read())["message"])[:200]
    except (ValueError, KeyError, TypeError, OSError):
        return BadValue(NOT_KIBANA.format(place=place, why=f"it answered {error.code}"))
    return BadValue(f"{place} refused the import (status {error.code}): {why}")


def key_from_environment() -> str:
    """Return the API key; it is not an option, because others could see that in process lists."""
    return os.environ.get("MAGPIE_KIBANA_KEY", "").strip()
