"""Answers of the API, whose shape is checked on the way."""

from search.api.schemas.searches import SearchAnswer


def found(client, **query):
    answer = client.get("/api/search", params=query)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == set(SearchAnswer.model_fields)
    SearchAnswer.model_validate(answer.json(), strict=True, extra="forbid")
    return answer.json()


def names(hits):
    return [hit["path"].rpartition("/")[2] for hit in hits]


def error(answer, status, code):
    """The message of an error, whose shape is checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    (told,) = answer.json().values()
    assert told.keys() == {"code", "message", "request_id"}
    assert told["code"] == code
    assert told["request_id"] == answer.headers["x-request-id"]
    assert told["message"] and "\n" not in told["message"] and "Traceback" not in told["message"]
    return told["message"]
