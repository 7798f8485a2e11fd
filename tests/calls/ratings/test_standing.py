"""How assets stand: asked for in one query, kept until somebody rates, shown in stars or words."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from portal import clock
from portal.calls.ratings import presenting, queries, rules
from portal.calls.ratings.rules import Word
from portal.calls.ratings.scoring import BAD, GOOD, UNKNOWN, Score
from portal.calls.ratings.standing import Standing
from tests import make


@pytest.fixture
def asked(db):
    """The statements sent so far."""
    statements = []
    connection = db.session.connection()

    def note(_connection, _cursor, statement, *_rest):
        if "ratings" in statement:
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def test_scores_are_kept_until_somebody_rates(db, asked):
    rep, asset, other = make.user(), make.asset(), make.asset()
    make.rating(rep, asset, 5)
    standing = Standing()
    asked.clear()
    first = standing.of([asset.id, other.id], every=timedelta())
    assert set(first) == {asset.id}
    assert len(asked) == 2  # has anything changed, and all ratings
    assert standing.of([asset.id], every=timedelta()) == first
    assert len(asked) == 3
    assert standing.of([asset.id], every=timedelta(minutes=1)) == first
    assert len(asked) == 3
    make.rating(make.user(), asset, 1)
    later = standing.of([asset.id], every=timedelta())
    assert later[asset.id].n == 2
    assert later[asset.id].value < first[asset.id].value


def test_a_changed_mind_counts(db):
    rep, asset = make.user(), make.asset()
    make.rating(make.user(), make.asset(), 3)
    kept = make.rating(rep, asset, 5)
    standing = Standing()
    before = standing.of([asset.id], every=timedelta())[asset.id]
    kept.stars, kept.changed_at = 1, clock.now() + timedelta(seconds=1)
    db.session.flush()
    assert standing.of([asset.id], every=timedelta())[asset.id].value < before.value


def test_calls_and_age_are_read_from_the_tables(db):
    """Ratings after a call weigh more than those without, fresh ones more than old ones."""
    reps, base = [make.user() for _ in range(8)], make.asset()
    deal = make.deal(reps[0])
    for rep in reps:
        make.rating(rep, base, 3)
    on_call, without, old = (make.asset() for _ in range(3))
    for rep in reps:
        make.rating(rep, on_call, 5, call=make.call(deal, rep, result="no-answer"))
        make.rating(rep, without, 5)
        make.rating(rep, old, 5, at=clock.now() - timedelta(days=900))
    found = Standing().of([on_call.id, without.id, old.id])
    values = [found[it.id].value for it in (on_call, without, old)]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 3


def test_stars_after_lost_calls_are_forgiven(db):
    reps = [make.user() for _ in range(12)]
    deal = make.deal(reps[0])
    after_good, after_bad = make.asset(), make.asset()
    for n, rep in enumerate(reps):
        other = make.asset()
        went = ("advanced", "lost", "stalled")[n % 3]
        call = make.call(deal, rep, result=went)
        make.rating(rep, other, 5 if went == "advanced" else 2, call=call)
    make.rating(reps[0], after_good, 3, call=make.call(deal, reps[0], result="advanced"))
    make.rating(reps[3], after_bad, 3, call=make.call(deal, reps[3], result="lost"))
    found = Standing().of([after_good.id, after_bad.id])
    assert found[after_bad.id].value > found[after_good.id].value


def test_how_calls_went_is_read_from_their_results(db):
    rep, asset = make.user(), make.asset()
    deal = make.deal(rep)
    for result in ("advanced", "stalled", "lost", "no-answer", None):
        make.rating(rep, asset, 3, call=make.call(deal, rep, result=result))
    make.rating(rep, asset, 3)
    found = queries.given_by_all(clock.now())
    assert [row[5] for row in found] == [GOOD, BAD, BAD, UNKNOWN, UNKNOWN, UNKNOWN]
    assert [bool(row[4]) for row in found] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("believed", "own", "word"),
    [
        (4.1, 4.8, Word.GOOD), (3.9, 1.0, Word.MIXED), (3.0, 5.0, Word.MIXED),
        (2.2, 1.0, Word.WEAK), (2.2, 3.0, Word.MIXED), (3.5, 3.5, Word.GOOD), (2.5, 2.0, Word.MIXED),
    ],
)  # fmt: skip
def test_few_ratings_are_put_into_honest_words(believed, own, word):
    assert rules.in_a_word(believed, own) is word


@pytest.mark.parametrize(
    ("score", "language", "words"),
    [
        (Score(4.23, 4.4, 7), "en", "4.2 of 5 · 7 ratings"),
        (Score(3.96, 4.4, 5), "en", "4.0 of 5 · 5 ratings"),
        (Score(4.23, 4.4, 4), "en", "good so far, 4 ratings"),
        (Score(4.23, 1.0, 1), "en", "mixed so far, 1 rating"),
        (Score(2.0, 1.0, 3), "en", "weak so far, 3 ratings"),
    ],
)
def test_what_is_shown(app, score, language, words):
    with app.test_request_context(headers={"Accept-Language": language}):
        found = presenting.shown(score)
    assert found.words == words
    assert words in found.html
    assert ("★" in found.html) is (score.n >= 5)


@pytest.mark.parametrize(
    ("said", "newest", "number"),
    [("2", 3, 2), ("4", 3, 3), ("0", 3, 3), ("", 3, 3), (None, 3, 3), ("-1", 3, 3), ("²", 3, 3),
     ("9" * 40, 3, 3), ("x", 3, 3)],
)  # fmt: skip
def test_the_revision_seen(said, newest, number):
    assert rules.revision_of(said, newest) == number
