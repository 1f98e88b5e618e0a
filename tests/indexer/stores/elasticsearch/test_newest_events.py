"""Which events are the newest, as a reader of the log takes them one by one."""

from indexer.stores.elasticsearch.newest import NewestEvents


def test_what_stands_for_removed_events_is_not_new_when_it_is_written_again():
    newest = NewestEvents(None, None)  # which ask a server for the record alone
    newest.begin()
    for number in range(20):
        before = {"previous": f"click{number - 1}"} if number else {}
        newest.see({"id": f"click{number}", "kind": "click", "checksum": "c", **before})
    erase = {"id": "erase", "kind": "erase", "shown": ["click3"], "checksum": "c"}
    newest.see({**erase, "previous": "click19"})
    newest.see({"id": "other", "kind": "click", "checksum": "c", "previous": "erase"})
    newest.see({"id": "click3", "kind": "erase", "checksum": "c", "previous": "click2"})
    assert newest.ids() == ("other",)
