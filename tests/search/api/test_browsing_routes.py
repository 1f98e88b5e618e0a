"""Photos by date over HTTP, from both kinds of store."""


def listed(client, **asked):
    answer = client.get("/api/photos", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_all_photos_are_listed_by_cursor(client, ids):
    whole = listed(client, limit=1000)
    assert whole["next"] is None
    assert {hit["id"] for hit in whole["hits"]} == set(ids.values())
    pages, cursor = [], ""
    while cursor is not None:
        page = listed(client, limit=4, cursor=cursor)
        pages += page["hits"]
        cursor = page["next"]
    assert pages == whole["hits"]


def test_months_and_undated_photos_are_all_photos(client, ids):
    counted = client.get("/api/photos/months").json()
    assert sum(one["photos"] for one in counted["months"]) + counted["undated"] == len(ids)
    for one in counted["months"]:
        assert len(listed(client, limit=1000, month=one["value"])["hits"]) == one["photos"]
    undated = listed(client, limit=1000, month="none")["hits"]
    assert len(undated) == counted["undated"]
    assert {hit["captured"] for hit in undated} <= {None}


def test_both_stores_list_alike(sqlite_client, elasticsearch_client):
    one, other = (listed(c, limit=1000) for c in (sqlite_client, elasticsearch_client))
    assert one == other


def test_ideas_find_something(client):
    ideas = client.get("/api/ideas").json()["ideas"]
    assert 0 < len(ideas) <= 3
    for idea in ideas:
        assert client.get("/api/search", params={"q": idea}).json()["likely"] > 0


def test_what_is_no_cursor_or_month_is_refused(client):
    for asked in ({"cursor": "x"}, {"month": "2019-13"}):
        assert client.get("/api/photos", params=asked).status_code == 400
