"""The contract of every store; it names no provider."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings

from nova_tui import (
    Dialog,
    Image,
    InvalidSession,
    NothingToUndo,
    QueryError,
    RevisionNotFound,
    Role,
    Row,
    Session,
    SessionConflict,
    SessionNotFound,
    SessionStorageProvider,
    SessionSummary,
    StorageError,
    StoreReadOnly,
    open_store,
)
from nova_tui.domain.outline import RowWindow, SessionOutline
from nova_tui.domain.times import from_microseconds
from tests.domain.strategies import exactly, sessions
from tests.storage.conftest import Place

START = datetime(2026, 1, 1, tzinfo=UTC)


def session(number: int = 1, user_id: str = "alice", rows: int = 0, title: str | None = None) -> Session:
    """Return a session with a fixed id and times."""
    at = START + timedelta(minutes=number)
    dialog = Dialog()
    for position in range(rows):
        role = "user" if position % 2 == 0 else "assistant"
        dialog = dialog.add(role, f"row {position}", timestamp=at + timedelta(seconds=position))
    made = Session(f"{number:032x}", user_id, dialog, at, at)
    return made.with_title(title, at=at) if title else made


def same(one: Session, other: Session) -> bool:
    """Compare two sessions with the types and orders inside their maps."""
    return one == other and exactly(one.app_data) == exactly(other.app_data)


# -- saving and loading ------------------------------------------------------------------------------------------------


def test_a_saved_session_comes_back(store: SessionStorageProvider) -> None:
    wanted = session(rows=3, title="Refund flow")
    saved = store.save(wanted)
    assert saved == wanted
    assert saved.revision is not None
    assert store.load(wanted.id) == wanted
    assert store.load(wanted.id).revision == saved.revision


def test_a_save_survives_opening_again(place: Place) -> None:
    store = place.open()
    saved = store.save(session(rows=5))
    saved = store.save(saved.add_user("more"))
    store.close()
    again = place.open()
    assert again.load(saved.id) == saved
    assert again.load(saved.id).revision == saved.revision


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=sessions, then=sessions)
def test_anything_comes_back_exactly(store: SessionStorageProvider, wanted: Session, then: Session) -> None:
    for text in (wanted, dataclasses.replace(then, id=wanted.id)):
        try:
            base = store.load(wanted.id).revision
        except SessionNotFound:
            base = None
        saved = store.save(dataclasses.replace(text, revision=base))
        found = store.load(wanted.id)
        assert same(saved, text)
        assert same(found, text)
        assert [exactly(row.metadata) for row in found.dialog.rows] == [exactly(r.metadata) for r in text.dialog.rows]


def test_saving_an_equal_session_changes_nothing(store: SessionStorageProvider) -> None:
    first = store.save(session(rows=2))
    again = store.save(first)
    assert again == first
    assert again.revision == first.revision


def test_a_retry_recognises_its_own_save(store: SessionStorageProvider) -> None:
    new = session(rows=2)
    first = store.save(new)
    assert store.save(new).revision == first.revision
    changed = first.add_user("more")
    second = store.save(changed)
    assert store.save(changed).revision == second.revision


def test_a_new_session_does_not_replace_one_that_is_there(store: SessionStorageProvider) -> None:
    stored = store.save(session(rows=2))
    with pytest.raises(SessionConflict):
        store.save(session(rows=3))
    assert store.load(stored.id) == stored


def test_what_was_saved_is_no_alias_of_what_is_changed_later(store: SessionStorageProvider) -> None:
    saved = store.save(session(rows=1))
    saved.add_user("not saved")
    assert len(store.load(saved.id).dialog.rows) == 1


def test_every_edit_of_rows_is_kept(place: Place) -> None:
    store = place.open()
    current = store.save(session(rows=8))
    edits: list[Callable[[Dialog], Dialog]] = [
        lambda dialog: dialog.move(dialog.rows[0].id, 7),
        lambda dialog: dialog.move([row.id for row in dialog.rows[2:5]], 0),
        lambda dialog: dialog.insert(3, (Row("x"), Row("y"))),
        lambda dialog: dialog.remove([dialog.rows[0].id, dialog.rows[4].id]),
        lambda dialog: dialog.replace_text(dialog.rows[1].id, "edited"),
        lambda dialog: dialog.duplicate([row.id for row in dialog.rows[1:3]]),
        lambda dialog: dialog.split(dialog.rows[1].id, 2),
        lambda dialog: dialog.join([row.id for row in dialog.rows[1:3]]),
        lambda dialog: dialog.set_hidden(dialog.rows[2].id),
        lambda dialog: dataclasses.replace(dialog, rows=tuple(reversed(dialog.rows))),
        lambda dialog: dataclasses.replace(dialog, rows=()),
    ]
    for edit in edits:
        current = store.save(current.with_dialog(edit(current.dialog)))
        assert store.load(current.id) == current
        fresh = place.open()
        assert fresh.load(current.id) == current
        (summary,) = fresh.summaries("alice")
        assert summary == SessionSummary.of(current)


def test_rows_squeezed_into_one_place_again_and_again_keep_their_order(store: SessionStorageProvider) -> None:
    current = store.save(session(rows=2))
    for number in range(40):
        current = store.save(current.with_dialog(current.dialog.insert(1, Row(f"squeezed {number}"))))
    assert [row.text for row in store.load(current.id).dialog.rows] == [row.text for row in current.dialog.rows]


def test_a_row_that_gets_another_time_stays_in_its_place(place: Place) -> None:
    store = place.open()
    current = store.save(session(rows=3))
    row = dataclasses.replace(current.dialog.rows[1], timestamp=START - timedelta(days=400))
    current = store.save(current.with_dialog(current.dialog.replace(row.id, row)))
    assert place.open().load(current.id) == current


def test_many_rows_of_one_moment_are_kept(place: Place) -> None:
    store = place.open()
    for number in range(1, 4):
        rows = tuple(Row(f"{number}.{position}", timestamp=START) for position in range(60))
        current = dataclasses.replace(session(number), dialog=Dialog(rows))
        store.save(current)
        assert place.open().load(current.id) == current


def test_times_at_the_ends_of_the_calendar_are_kept(store: SessionStorageProvider) -> None:
    ends = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]
    rows = tuple(Row("x", timestamp=end) for end in ends for _ in range(3))
    saved = store.save(dataclasses.replace(session(), dialog=Dialog(rows)))
    assert store.load(saved.id) == saved


def test_a_large_text_and_a_picture_come_back(store: SessionStorageProvider) -> None:
    text = "a line with \x1b[31m and é\n" * 40_000
    image = Image("image/png", bytes(range(256)) * 40, width=3, name="p.png")
    saved = store.save(session().add_message("user", text, images=[image]))
    assert store.load(saved.id).dialog.rows[0].text == text
    assert store.load(saved.id).dialog.rows[0].images == (image,)


# -- conflicts and owners ----------------------------------------------------------------------------------------------


def test_an_id_belongs_to_one_user(store: SessionStorageProvider) -> None:
    store.save(session(user_id="alice"))
    with pytest.raises(InvalidSession):
        store.save(session(user_id="bob"))
    assert store.load(session().id).user_id == "alice"


@pytest.mark.parametrize(
    "session_id",
    ["", "x", "../secret", "/etc/passwd", "0" * 31, "0" * 33, "0" * 31 + "A", "0" * 32 + "\n", "a\0b", "%"],
)
def test_a_hostile_id_is_not_found(store: SessionStorageProvider, session_id: str) -> None:
    store.save(session())
    with pytest.raises(SessionNotFound):
        store.load(session_id)
    with pytest.raises(SessionNotFound):
        store.delete(session_id)
    with pytest.raises(SessionNotFound):
        store.rows(session_id, 0, 1)
    with pytest.raises(SessionNotFound):
        store.outline(session_id)
    assert store.summaries_of([session_id]) == []


def test_a_bound_store_shows_one_user_only(place: Place) -> None:
    store = place.open()
    hers, his = store.save(session(1, "alice", rows=2)), store.save(session(2, "bob", rows=2))
    bound = place.open(user_id="alice")
    assert bound.load(hers.id) == hers
    for call in (bound.load, bound.delete, bound.owner, bound.outline, lambda found: bound.window(found, 0, 1)):
        with pytest.raises(SessionNotFound):
            call(his.id)
    assert [summary.id for summary in bound.summaries("alice")] == [hers.id]
    assert list(bound.summaries("bob")) == []
    assert list(bound.list("bob")) == []
    assert list(bound.session_ids("bob")) == []
    assert list(bound.timed_order("bob").ids) == []
    assert list(bound.timed_order("alice").ids) == [hers.id]
    assert list(bound.tags("bob")) == []
    assert list(bound.session_ids_like("bob", "0000")) == []
    assert [summary.id for summary in bound.summaries_of([hers.id, his.id])] == [hers.id]
    with pytest.raises(InvalidSession):
        bound.save(session(3, "bob"))
    with pytest.raises(InvalidSession):
        bound.save(session(2, "alice"))
    with pytest.raises(InvalidSession):
        bound.save_many([session(4, "bob")])
    assert store.load(his.id) == his


# -- deleting ----------------------------------------------------------------------------------------------------------


def test_a_deleted_session_is_gone_from_everywhere(store: SessionStorageProvider) -> None:
    saved = store.save(session(rows=2))
    store.delete(saved.id)
    with pytest.raises(SessionNotFound):
        store.load(saved.id)
    with pytest.raises(SessionNotFound):
        store.delete(saved.id)
    with pytest.raises(SessionNotFound):
        store.rows(saved.id, 0, 1)
    with pytest.raises(SessionNotFound):
        store.outline(saved.id)
    assert list(store.list("alice")) == []
    assert list(store.summaries("alice")) == []
    assert list(store.session_ids("alice")) == []
    assert list(store.session_ids_like("alice", saved.id[:6])) == []
    assert store.summaries_of([saved.id]) == []


# -- lists -------------------------------------------------------------------------------------------------------------


def test_a_list_begins_with_the_newest_change(store: SessionStorageProvider) -> None:
    saved = [store.save(session(number, rows=1)) for number in (2, 3, 1)]
    touched = store.save(saved[2].add_user("now"))
    found = store.list("alice")
    assert isinstance(found, Sequence)
    assert list(found) == [touched, saved[1], saved[0]]
    assert found == [touched, saved[1], saved[0]]
    assert found != [touched]
    assert found[0] == touched
    assert list(found[1:]) == [saved[1], saved[0]]
    assert len(found) == 3


def test_a_list_of_nobody_is_empty(store: SessionStorageProvider) -> None:
    assert list(store.list("nobody")) == []
    assert store.list("nobody") == []
    assert len(store.list("nobody")) == 0
    assert list(store.summaries("nobody")) == []


@pytest.mark.parametrize("sort", ["updated", "created", "title", "rows"])
def test_pages_of_summaries_follow_each_other(store: SessionStorageProvider, sort: str) -> None:
    for number in range(1, 12):
        made = session(number, rows=number % 4, title=f"Title {number % 5}")
        store.save(dataclasses.replace(made, updated_at=START + timedelta(days=number % 3)))
    whole = store.summaries("alice", sort=sort, limit=None)
    assert len(whole) == 11
    paged: list[SessionSummary] = []
    while part := store.summaries("alice", sort=sort, after=paged[-1].id if paged else None, limit=3):
        paged += part
    assert paged == list(whole)
    assert [summary.id for summary in whole] == list(store.session_ids("alice", sort=sort))
    assert list(store.summaries("alice", sort=sort, after="f" * 32)) == []


@pytest.mark.parametrize("sort", ["updated", "created", "title", "rows"])
def test_pages_of_an_order_that_is_turned_round_follow_each_other(store: SessionStorageProvider, sort: str) -> None:
    for number in range(1, 12):
        made = session(number, rows=number % 4, title=f"Title {number % 5}")
        store.save(dataclasses.replace(made, updated_at=START + timedelta(days=number % 3)))
    paged: list[SessionSummary] = []
    while part := store.summaries("alice", sort=sort, reverse=True, after=paged[-1].id if paged else None, limit=3):
        paged += part
    assert paged == [*store.summaries("alice", sort=sort, limit=None)][::-1]


@pytest.mark.parametrize("sort", ["updated", "created", "title"])
def test_an_order_comes_with_its_times(store: SessionStorageProvider, sort: str) -> None:
    for number in range(1, 8):
        made = session(number, user_id="alice" if number != 3 else "bob", title=f"Title {number % 5}")
        store.save(dataclasses.replace(made, updated_at=START + timedelta(days=number % 3, microseconds=number)))
    found = store.timed_order("alice", filter="-title:4", sort=sort)
    whole = store.summaries("alice", filter="-title:4", sort=sort, limit=None)
    assert list(found.ids) == [one.id for one in whole]
    assert len(found.ids) == 5
    times = [one.created_at if sort == "created" else one.updated_at for one in whole]
    assert list(map(from_microseconds, found.times)) == times


def test_an_unknown_order_is_refused(store: SessionStorageProvider) -> None:
    with pytest.raises(QueryError, match="size"):
        store.summaries("alice", sort="size")


def test_a_filter_folds_case_and_accents_and_wants_all_words(store: SessionStorageProvider) -> None:
    wanted = [store.save(session(1, title="Café RÉSUMÉ")), store.save(session(2, title="resume of the cafe"))]
    store.save(session(3, title="Café"))
    store.save(session(4, title="100% _sure_"))
    found = store.summaries("alice", filter="  CAFE résumé ")
    assert {summary.id for summary in found} == {saved.id for saved in wanted}
    assert [summary.id for summary in store.summaries("alice", filter="%")] == [f"{4:032x}"]
    assert list(store.summaries("alice", filter="_x")) == []
    assert [s.id for s in store.summaries("alice", filter="cafe", after=wanted[1].id)] == [wanted[0].id]


FILTERED = {
    "tag:demo": {1, 2},
    "TAG:Démo": {1, 2},
    "tag:dem": set(),
    'tag:"two words"': {3},
    "-tag:demo": {3, 4, 5},
    "is:starred": {2, 3},
    "is:archived": {3, 5},
    "-is:archived": {1, 2, 4},
    "is:starred -is:archived": {2},
    "is:starred is:archived": {3},
    "-is:starred -is:archived": {1, 4},
    "plan -garden": {2},
    "title:garden": {1, 3},
    'title:"plan garden"': {1},
    '-title:"plan garden"': {2, 3, 4, 5},
    "updated:2026-01-03": {3},
    "-updated:2026-01-03": {1, 2, 4, 5},
    "created:<2026-01-03": {1, 2},
    "created:>2026-01-03 -is:archived": {4},
    "updated:<1000m": {1, 2, 3, 4, 5},
    'Re: 5"': {4},
    "re:": {4},
    '"is:starred"': {5},
    "-": {5},
    "garden tag:demo is:archived": set(),
}
"""What a list shows of five sessions under each filter."""


@pytest.mark.parametrize("filter", FILTERED)
def test_a_filter_knows_the_conditions_of_the_search_language(store: SessionStorageProvider, filter: str) -> None:
    made = {
        1: session(title="Garden plan").with_tags(["Demo"]),
        2: session(2, title="Plan B").with_tags(["x", "demo"]).with_star(),
        3: session(3, title="Gardens").with_tags(["two words"]).with_star().with_archive(),
        4: session(4, title='Re: 5" disk'),
        5: session(5, title="what is:starred means - a note").with_archive(),
    }
    for number, one in made.items():
        at = START + timedelta(days=number - 1, hours=3)
        store.save(dataclasses.replace(one, created_at=at, updated_at=at))
    wanted = [f"{number:032x}" for number in sorted(FILTERED[filter], reverse=True)]
    assert [summary.id for summary in store.summaries("alice", filter=filter)] == wanted
    assert list(store.session_ids("alice", filter=filter)) == wanted
    if len(wanted) > 1:
        assert [one.id for one in store.summaries("alice", filter=filter, after=wanted[0], limit=1)] == wanted[1:2]


@pytest.mark.parametrize("filter", ["is:new", "tag:", 'tag:"open', "updated:soon", "has:image", "role:user"])
def test_a_condition_that_is_none_is_told(store: SessionStorageProvider, filter: str) -> None:
    with pytest.raises(QueryError, match=filter.partition(":")[0] if "open" not in filter else "not closed"):
        store.session_ids("alice", filter=filter)


def test_tags_are_told_the_most_used_first(store: SessionStorageProvider) -> None:
    for number, tags in enumerate((["b", "a"], ["Ü b", "b"], [], ["gone"], ["a", "b"]), 1):
        store.save(session(number).with_tags(tags))
    store.save(session(9, "bob").with_tags(["his"]))
    store.delete(f"{4:032x}")
    assert list(store.tags("alice")) == ["b", "a", "Ü b"]
    assert list(store.tags("nobody")) == []


def test_a_summary_says_what_a_list_shows(store: SessionStorageProvider) -> None:
    made = session(rows=3).with_tags(["demo", "Ü"]).with_star().with_archive()
    made = made.with_dialog(made.dialog.set_hidden(made.dialog.rows[1].id))
    made = made.put_app_data("nova_tui", {**made.own, "import": {"format": "chatgpt"}})
    saved = store.save(made)
    (found,) = store.summaries("alice")
    assert found == SessionSummary.of(saved)
    assert (found.rows, found.hidden_rows, found.tags) == (3, 1, ("demo", "Ü"))
    assert (found.starred, found.archived, found.source) == (True, True, "chatgpt")
    assert store.summaries_of([saved.id, "f" * 32]) == [found]


def test_ids_are_found_by_their_beginning(store: SessionStorageProvider) -> None:
    for session_id in ("abcd" + "0" * 28, "abce" + "0" * 28, "abcd" + "1" * 28):
        store.save(dataclasses.replace(session(), id=session_id))
    assert list(store.session_ids_like("alice", "abcd", limit=10)) == ["abcd" + "0" * 28, "abcd" + "1" * 28]
    assert len(store.session_ids_like("alice", "ab")) == 2
    assert list(store.session_ids_like("bob", "abcd")) == []
    assert list(store.session_ids_like("alice", "%")) == []


@pytest.mark.parametrize(("start", "stop"), [(0, 3), (4, 8), (7, 99), (9, 20), (-5, 2), (5, 5), (6, 2), (0, 0)])
def test_a_window_of_rows(place: Place, start: int, stop: int) -> None:
    saved = place.open().save(session(rows=9))
    fresh = place.open()
    wanted = saved.dialog.rows[max(0, start) : max(0, stop)]
    assert tuple(fresh.rows(saved.id, start, stop)) == wanted
    fresh.load(saved.id)
    assert tuple(fresh.rows(saved.id, start, stop)) == wanted


def test_an_outline_tells_of_rows_without_reading_them(place: Place) -> None:
    texts = ["", "one", "two\n\nlines\n", "Grüße 👋\r\n退款", "x" * 5000, "x" * 9]
    made = session(title="Named")
    for number, text in enumerate(texts):
        made = made.add_message(list(Role)[number % 3], text, {"hide_row": True} if number % 2 else None)
    saved = place.open().save(made)
    fresh = place.open()
    outline = fresh.outline(saved.id)
    assert outline == SessionOutline.of(saved)
    assert list(outline.rows.ids) == [row.id for row in saved.dialog.rows]
    assert list(outline.rows.chars) == [len(text) for text in texts]
    assert list(outline.rows.lines) == [1, 1, 4, 2, 1, 1]
    assert outline.rows.hidden == bytes([0, 1, 0, 1, 0, 1])
    assert [outline.rows.role(position) for position in range(6)] == [row.role for row in saved.dialog.rows]
    assert (outline.title, outline.revision, outline.user_id) == ("Named", saved.revision, "alice")
    fresh.load(saved.id)
    assert fresh.outline(saved.id) == outline
    after = fresh.save(saved.with_dialog(saved.dialog.move(saved.dialog.rows[5].id, 1).remove(saved.dialog.rows[0].id)))
    assert place.open().outline(saved.id) == SessionOutline.of(after)


def test_the_outline_of_an_empty_session(store: SessionStorageProvider) -> None:
    saved = store.save(session())
    assert store.outline(saved.id) == SessionOutline.of(saved)
    assert store.window(saved.id, 0, 9) == RowWindow("alice", saved.revision, 0, ())


def test_a_window_says_whose_and_of_which_revision_it_is(place: Place) -> None:
    saved = place.open().save(session(rows=9))
    assert place.open().window(saved.id, 3, 5) == RowWindow("alice", saved.revision, 3, saved.dialog.rows[3:5])
    after = place.open().save(saved.add_user("more"))
    window = place.open().window(saved.id, 8, 99)
    assert (window.revision, window.rows) == (after.revision, after.dialog.rows[8:])


def test_users_are_those_who_own_sessions(store: SessionStorageProvider) -> None:
    if "users" not in store.capabilities:
        pytest.skip("this store cannot tell its users")
    for number, user_id in enumerate(("bob", "alice", "Żółć", "bob"), 1):
        store.save(session(number, user_id))
    assert list(store.users()) == ["alice", "bob", "Żółć"]


def test_a_user_who_has_only_trash_is_still_one(bin_place: Place) -> None:
    store = bin_place.open()
    for number, user_id in enumerate(("bob", "carol", "alice", "bob"), 1):
        store.save(session(number, user_id))
    for number in (2, 4):
        store.delete(session(number).id)
    for again in (store, bin_place.open(), bin_place.open(user_id="alice")):
        assert list(again.users()) == ["alice", "bob", "carol"]
    store.purge(session(2).id)
    assert list(store.users()) == ["alice", "bob"]


# -- many at once ------------------------------------------------------------------------------------------------------


def test_many_sessions_are_saved_in_order(store: SessionStorageProvider) -> None:
    made = [session(number, rows=number) for number in range(1, 30)]
    assert list(store.save_many(iter(made))) == made
    assert all(store.load(one.id) == one for one in made)


def test_what_was_saved_before_a_refusal_stays(store: SessionStorageProvider) -> None:
    store.save(session(3, "bob"))
    with pytest.raises(InvalidSession):
        store.save_many([session(1), session(2), session(3, "alice"), session(4)])
    assert {found.id for found in store.list("alice")} == {f"{1:032x}", f"{2:032x}"}


def test_another_thread_reads_while_this_one_writes(store: SessionStorageProvider) -> None:
    reader = store.reader()
    if reader is None:
        pytest.skip("one thread must do all")
    saved = store.save(session(rows=3))
    found: list[Session] = []

    def read() -> None:
        found.append(reader.load(saved.id))
        found.extend(reader.list("alice"))
        if reader is not store:
            with pytest.raises(StoreReadOnly):
                reader.save(saved.add_user("x"))
            reader.close()

    thread = Thread(target=read)
    thread.start()
    thread.join()
    assert found == [saved, saved]


def test_a_read_only_store_refuses_every_change(place: Place) -> None:
    saved = place.open().save(session(rows=2))
    store = place.open(read_only=True)
    assert store.load(saved.id) == saved
    assert [summary.id for summary in store.summaries("alice")] == [saved.id]
    for change in (
        lambda: store.save(saved.add_user("x")),
        lambda: store.save_many([saved.add_user("x")]),
        lambda: store.delete(saved.id),
    ):
        with pytest.raises(StoreReadOnly):
            change()
    assert store.load(saved.id) == saved


def test_errors_are_sentences(store: SessionStorageProvider) -> None:
    with pytest.raises(StorageError) as caught:
        store.load("\x1b[31m" + "x" * 3000)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_store_is_a_context_manager(place: Place) -> None:
    with place.open() as store:
        store.save(session())
    assert place.open().load(session().id) == session()


# -- history -----------------------------------------------------------------------------------------------------------


def notes(store: SessionStorageProvider, session_id: str) -> list[str]:
    """Return what a session's history says, oldest first."""
    found = store.history(session_id)
    assert [revision.number for revision in found] == list(range(len(found), 0, -1))
    return [revision.note for revision in reversed(found)]


def test_the_history_says_what_was_done(place: Place) -> None:
    store = place.open()
    current = store.save(session(rows=4))
    rows = current.dialog.rows
    changes: list[tuple[str, Callable[[Session], Session]]] = [
        ("add row", lambda s: s.add_user("more")),
        ("edit row 2", lambda s: s.with_dialog(s.dialog.replace_text(rows[1].id, "edited"))),
        ("insert row 1", lambda s: s.with_dialog(s.dialog.insert(0, Row("first")))),
        ("remove row 1", lambda s: s.with_dialog(s.dialog.remove(s.dialog.rows[0].id))),
        ("move row 1", lambda s: s.with_dialog(s.dialog.move(rows[0].id, 3))),
        ("hide row 4", lambda s: s.with_dialog(s.dialog.set_hidden(rows[0].id))),
        ("exclude 2 rows", lambda s: s.with_dialog(s.dialog.set_excluded([rows[1].id, rows[2].id]))),
        ("rename", lambda s: s.with_title("New")),
        ("tag", lambda s: s.with_tags(["x"])),
        ("star", lambda s: s.with_star()),
        ("archive", lambda s: s.with_archive()),
        ("unstar", lambda s: s.with_star(False)),
        ("change app data", lambda s: s.put_app_data("other", 1)),
    ]
    for _, change in changes:
        current = store.save(change(current))
    current = store.save(current.add_user("x"), "import")
    assert notes(place.open(), current.id) == ["create", *(note for note, _ in changes), "import"]


def test_undo_and_redo_walk_every_revision(place: Place) -> None:
    store = place.open()
    states = [store.save(session(rows=3))]
    states.append(store.save(states[-1].add_user("four")))
    states.append(store.save(states[-1].with_dialog(states[-1].dialog.move(states[-1].dialog.rows[0].id, 2))))
    states.append(store.save(states[-1].with_star()))
    states.append(store.save(states[-1].with_dialog(states[-1].dialog.remove(states[-1].dialog.rows[1].id))))
    for wanted in reversed(states[:-1]):
        found = place.open().undo(wanted.id)
        assert (found.dialog, found.app_data) == (wanted.dialog, wanted.app_data)
        assert place.open().load(wanted.id) == found
    with pytest.raises(NothingToUndo):
        place.open().undo(states[0].id)
    for wanted in states[1:]:
        found = place.open().redo(wanted.id)
        assert (found.dialog, found.app_data) == (wanted.dialog, wanted.app_data)
        assert place.open().load(wanted.id) == found
    with pytest.raises(NothingToUndo):
        place.open().redo(states[0].id)


def test_a_change_after_undo_ends_redo(store: SessionStorageProvider) -> None:
    first = store.save(session(rows=1))
    second = store.save(first.add_user("two"))
    store.save(second.add_user("three"))
    back = store.undo(first.id)
    other = store.save(back.add_user("another three"))
    with pytest.raises(NothingToUndo):
        store.redo(first.id)
    assert store.undo(first.id).dialog == second.dialog
    assert store.redo(first.id).dialog == other.dialog
    store.undo(first.id)
    assert store.undo(first.id).dialog == first.dialog
    assert store.redo(first.id).dialog == second.dialog
    assert store.redo(first.id).dialog == other.dialog


def test_undo_moves_the_time_of_change_only_with_the_content(store: SessionStorageProvider) -> None:
    first = store.save(session(rows=1))
    starred = store.save(first.with_star())
    assert store.undo(first.id).updated_at == starred.updated_at
    edited = store.save(store.load(first.id).add_user("x"))
    assert store.undo(first.id).updated_at > edited.updated_at


def test_any_revision_comes_back_as_it_was(place: Place) -> None:
    store = place.open()
    states = [store.save(session(rows=2))]
    for number in range(6):
        states.append(store.save(states[-1].add_user(f"{number}").with_title(f"Title {number}")))
    store.undo(states[0].id)
    for number, wanted in enumerate(states, 1):
        assert place.open().load(wanted.id, number) == wanted
        assert store.load(wanted.id, number).revision == number
    for number in (0, -1, 99):
        with pytest.raises(RevisionNotFound):
            store.load(states[0].id, number)
        with pytest.raises(RevisionNotFound):
            store.restore(states[0].id, number)


def test_a_revision_can_be_restored_and_that_undone(store: SessionStorageProvider) -> None:
    first = store.save(session(rows=2))
    last = store.save(first.add_user("x").with_title("T"))
    restored = store.restore(first.id, 1)
    assert (restored.dialog, restored.app_data) == (first.dialog, first.app_data)
    assert restored.updated_at > last.updated_at
    assert store.load(first.id) == restored
    assert store.undo(first.id).dialog == last.dialog
    assert notes(store, first.id)[-2:] == ["restore revision 1", "undo restore revision 1"]


def test_a_deletion_can_be_undone_and_redone(place: Place) -> None:
    store = place.open()
    saved = store.save(session(rows=2))
    store.delete(saved.id)
    assert place.open().undo(saved.id) == saved
    assert place.open().load(saved.id) == saved
    place.open().redo(saved.id)
    with pytest.raises(SessionNotFound):
        place.open().load(saved.id)
    assert place.open().restore(saved.id) == saved
    assert place.open().load(saved.id) == saved


def test_the_history_of_nothing_is_not_found(store: SessionStorageProvider) -> None:
    for call in (store.history, store.undo, store.redo, store.restore):
        with pytest.raises(SessionNotFound):
            call("f" * 32)
        with pytest.raises(SessionNotFound):
            call("../x")


def test_bound_stores_keep_their_history_to_themselves(place: Place) -> None:
    store = place.open()
    his = store.save(store.save(session(1, "bob", rows=2)).add_user("x"))
    bound = place.open(user_id="alice")
    for call in (bound.history, bound.undo, bound.redo, bound.restore):
        with pytest.raises(SessionNotFound):
            call(his.id)
    with pytest.raises(SessionNotFound):
        bound.load(his.id, 1)
    assert store.load(his.id) == his


# -- trash -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bin_place(place: Place) -> Place:
    """Pass over stores without a trash."""
    if "trash" not in place.open().capabilities:
        pytest.skip("this store has no trash")
    return place


def test_a_deleted_session_waits_in_the_trash(bin_place: Place) -> None:
    store = bin_place.open()
    saved = store.save(session(rows=2, title="Gone"))
    other = store.save(session(2, "bob"))
    store.delete(saved.id)
    store.delete(other.id)
    assert list(bin_place.open().trash("alice")) == [SessionSummary.of(saved)]
    with pytest.raises(SessionConflict, match="trash"):
        store.save(saved.add_user("stale"))
    with pytest.raises(InvalidSession):
        store.save(session(1, "bob"))
    bound = bin_place.open(user_id="alice")
    assert list(bound.trash("bob")) == []
    with pytest.raises(SessionNotFound):
        bound.purge(other.id)
    assert bin_place.open().restore(saved.id) == saved
    assert list(store.trash("alice")) == []
    assert store.load(saved.id) == saved
    assert notes(store, saved.id) == ["create", "delete", "restore from the trash"]


def test_what_is_in_the_trash_can_be_read_there_by_its_owner(bin_place: Place) -> None:
    store = bin_place.open()
    saved, kept = store.save(session(rows=2, title="Gone")), store.save(session(2))
    other, older = store.save(session(3, "bob")), store.save(dataclasses.replace(session(4), updated_at=START))
    for one in (saved, other, older):
        store.delete(one.id)
    assert bin_place.open().load_trashed(saved.id) == saved
    assert [one.id for one in store.trash("alice", limit=1)] == [saved.id]
    bound = bin_place.open(user_id="alice")
    assert bound.load_trashed(saved.id) == saved
    assert [one.id for one in bound.trash("alice", limit=1)] == [saved.id]
    for gone, where in ((kept.id, store), ("9" * 32, store), (other.id, bound)):
        with pytest.raises(SessionNotFound):
            where.load_trashed(gone)
    assert len(store.history(saved.id)) == 2, "looking changes nothing"


def test_a_purged_session_is_gone_for_ever(bin_place: Place) -> None:
    store = bin_place.open()
    saved = store.save(store.save(session(rows=2)).add_user("SECRET-" + "x" * 500 + " mysteryword"))
    kept = store.save(session(2))
    store.delete(saved.id)
    store.purge(saved.id)
    for call in (store.load, store.history, store.restore, store.undo, store.purge):
        with pytest.raises(SessionNotFound):
            call(saved.id)
    assert list(store.trash("alice")) == []
    assert store.load(kept.id) == kept
    store.close()
    files = [file.read_bytes() for file in bin_place.folder.rglob("*") if file.is_file()]
    assert not any(secret in content for secret in (b"SECRET-", b"mysteryword", b"mystery") for content in files)
    again = bin_place.open().save(session(rows=1))
    assert bin_place.open().load(again.id) == again


# -- two at once -------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(place: Place) -> Place:
    """Pass over stores that keep no revisions to merge by."""
    if "revisions" not in place.open().capabilities:
        pytest.skip("this store cannot merge")
    return place


Edit = Callable[[Dialog], Dialog]


def rows_of(names: str) -> Session:
    """Return a session with a row for each letter; the letter is its id."""
    return dataclasses.replace(session(), dialog=Dialog(tuple(Row(name, timestamp=START, id=name) for name in names)))


@pytest.mark.parametrize(
    ("theirs", "mine", "wanted"),
    [
        (lambda d: d.replace_text("a", "A"), lambda d: d.replace_text("e", "E"), "AbcdE"),
        (lambda d: d.add("user", "x", id="x"), lambda d: d.add("user", "y", id="y"), "abcdexy"),
        (lambda d: d.insert(2, Row("x", id="x")), lambda d: d.insert(2, Row("y", id="y")), "abxycde"),
        (lambda d: d.remove("b"), lambda d: d.replace_text("d", "D"), "acDe"),
        (lambda d: d.remove("b"), lambda d: d.remove(["b", "c"]), "ade"),
        (lambda d: d.move("a", 4), lambda d: d.replace_text("a", "A"), "bcdeA"),
        (lambda d: d.replace_text("a", "A"), lambda d: d.move("a", 4), "bcdeA"),
        (lambda d: d.move("a", 4), lambda d: d.move("d", 0), "dbcea"),
        (lambda d: d.remove(["a", "b"]), lambda d: d.insert(1, Row("x", id="x")), "xcde"),
        (lambda d: d.replace_text("c", "C"), lambda d: d.replace_text("c", "C").replace_text("d", "D"), "abCDe"),
        (lambda d: d.remove("e"), lambda d: d.add("user", "y", id="y"), "abcdy"),
    ],
)
def test_changes_to_different_rows_are_merged(shared: Place, theirs: Edit, mine: Edit, wanted: str) -> None:
    one, other = shared.open(), shared.open()
    base = one.save(rows_of("abcde"))
    held = other.load(base.id)
    one.save(base.with_dialog(theirs(base.dialog)))
    merged = other.save(held.with_dialog(mine(held.dialog)))
    assert "".join(row.text for row in merged.dialog.rows) == wanted
    assert merged.revision == 3
    assert shared.open().load(base.id) == merged
    assert one.load(base.id) == merged


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (lambda d: d.replace_text("a", "A"), lambda d: d.replace_text("a", "B")),
        (lambda d: d.remove("a"), lambda d: d.replace_text("a", "B")),
        (lambda d: d.replace_text("a", "B"), lambda d: d.remove("a")),
        (lambda d: d.move("a", 4), lambda d: d.remove("a")),
        (lambda d: d.move("a", 4), lambda d: d.move("a", 2)),
        (lambda d: d.add("user", "x", id="x"), lambda d: d.add("user", "y", id="x")),
    ],
)
def test_changes_to_the_same_row_are_a_conflict_that_holds_both(shared: Place, theirs: Edit, mine: Edit) -> None:
    one, other = shared.open(), shared.open()
    base = one.save(rows_of("abcde"))
    held = other.load(base.id)
    stored = one.save(base.with_dialog(theirs(base.dialog)))
    wanted = held.with_dialog(mine(held.dialog))
    with pytest.raises(SessionConflict) as caught:
        other.save(wanted)
    assert (caught.value.base, caught.value.theirs, caught.value.mine) == (base, stored, wanted)
    assert (caught.value.stored, caught.value.based_on) == (2, 1)
    assert other.load(base.id) == stored


def test_session_marks_are_merged_one_by_one(shared: Place) -> None:
    store = shared.open()
    base = store.save(rows_of("ab"))
    store.save(base.with_title("Theirs").put_app_data("app", {"x": 1}))
    merged = store.save(base.with_star().with_tags(["mine"]).add_user("c"))
    assert (merged.title, merged.starred, merged.tags) == ("Theirs", True, ("mine",))
    assert merged.get_app_data("app") == {"x": 1}
    assert len(merged.dialog.rows) == 3
    with pytest.raises(SessionConflict):
        store.save(base.with_title("Mine"))


def test_a_late_retry_finds_its_save_among_others(shared: Place) -> None:
    store = shared.open()
    base = store.save(rows_of("ab"))
    mine = base.add_user("mine")
    last = store.save(store.save(mine).add_user("theirs"))
    assert store.save(mine) == last
    assert len(store.history(base.id)) == 3


def test_many_writers_of_one_session_lose_nothing(shared: Place) -> None:
    if not shared.lasting:
        pytest.skip("one process, one object")
    base = shared.open().save(rows_of("a"))

    def write(writer: int) -> None:
        with open_store(shared.url) as store:
            held = store.load(base.id)
            for number in range(10):
                held = store.save(held.add_user(f"{writer}.{number}"))

    threads = [Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [row.text for row in shared.open().load(base.id).dialog.rows]
    assert sorted(found) == sorted(["a", *(f"{writer}.{number}" for writer in range(4) for number in range(10))])
    for writer in range(4):
        mine = [text for text in found if text.startswith(f"{writer}.")]
        assert mine == sorted(mine)
