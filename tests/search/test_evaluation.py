import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.search import evaluation as ev


def test_questions_are_read_and_blank_lines_passed_over():
    lines = [
        '{"query": "giá", "relevant": ["a"], "language": "vi"}\n',
        "\n",
        '{"query": "x", "relevant": ["b"]}',
    ]
    first, second = ev.read_questions(lines)
    assert (first.query, first.relevant, first.language) == ("giá", ["a"], "vi")
    assert second.language is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "line 2"),
        ('{"query": null, "relevant": ["a"]}', "query"),
        ('{"query": "x", "relevant": []}', "relevant"),
        ('{"query": "x", "relevant": ["a"], "language": "de"}', "language"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_a_line_that_can_not_be_used_is_named(line, reason):
    with pytest.raises(Invalid, match=reason) as caught:
        list(ev.read_questions(['{"query": "x", "relevant": ["a"]}', line]))
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("found", "relevant", "rank", "share"),
    [
        (["a", "b"], {"a"}, 1, 1.0),
        (["b", "a"], {"a", "c"}, 2, 0.5),
        (["b"], {"a"}, None, 0.0),
        ([], {"a"}, None, 0.0),
    ],
)
def test_rank_and_recall(found, relevant, rank, share):
    assert ev.first_rank(found, frozenset(relevant)) == rank
    assert ev.recall(found, frozenset(relevant)) == share


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.sampled_from([0.5, 0.95]))
def test_a_quantile_lies_between_the_extremes_and_has_its_share_below(values, share):
    found = ev.quantile(values, share)
    assert min(values) - 1e-6 <= found <= max(values) + 1e-6
    below = sum(v <= found + 1e-6 * max(1, found) for v in values)
    assert below >= math.floor(share * (len(values) - 1))


def test_evaluate_averages_and_respects_the_limit():
    answers = {"one": ["a", "b"], "two": ["x", "b"], "none": []}
    questions = list(
        ev.read_questions(
            json.dumps({"query": q, "relevant": [r]})
            for q, r in (("one", "a"), ("two", "b"), ("none", "c"))
        )
    )
    outcome = ev.evaluate(questions, lambda q, _limit: answers[q.query], limit=2)
    assert outcome.mrr == pytest.approx((1 + 0.5 + 0) / 3)
    assert outcome.recall == pytest.approx(2 / 3)
    assert outcome.without_result == pytest.approx(1 / 3)
    assert ev.evaluate(questions, lambda q, _limit: answers[q.query], limit=1).mrr == pytest.approx(
        1 / 3
    )


@pytest.mark.parametrize("blank", ["", " \t"])
def test_an_empty_query_is_a_question_without_result(blank):
    lines = [json.dumps({"query": q, "relevant": ["a"]}) for q in ("x", blank)]
    outcome = ev.evaluate(ev.read_questions(lines), lambda *_: ["a"], limit=10)
    assert (outcome.queries, outcome.mrr, outcome.without_result) == (2, 0.5, 0.5)


def test_no_question_is_refused():
    with pytest.raises(Invalid, match="no question"):
        ev.evaluate([], lambda *_: [], limit=10)


def test_what_went_worst_is_told_with_what_came_instead():
    answers = {
        "first": ["a", "b"],
        "third": ["x", "y", "a"],
        "never": ["x", "y", "z", "w"],
        "none": [],
    }
    lines = [
        json.dumps({"query": q, "relevant": ["a"], "kind": k, "reader": r})
        for q, k, r in (
            ("first", "short", "en"),
            ("third", "short", "vi"),
            ("never", "typo", "vi"),
            ("none", "typo", "ru"),
        )
    ]
    outcome = ev.evaluate(ev.read_questions(lines), lambda q, _: answers[q.query], limit=10)
    assert [(it.query, it.rank, it.came) for it in outcome.worst] == [
        ("never", None, ("x", "y", "z")), ("none", None, ()), ("third", 3, ("x", "y", "a"))
    ]  # fmt: skip
    assert ev.evaluate(ev.read_questions(lines), lambda *_: ["a"], limit=10).worst == ()


def test_figures_are_told_by_kind_and_language():
    lines = [
        json.dumps({"query": q, "relevant": [r], "kind": k, "language": "en"})
        for q, r, k in (("one", "a", "short"), ("two", "z", "typo"), ("", "a", "typo"))
    ]
    outcome = ev.evaluate(ev.read_questions(lines), lambda *_: ["a"], limit=10)
    assert outcome.kinds == {"short": ev.Part(1, 1.0, 0.0), "typo": ev.Part(2, 0.0, 0.5)}
    assert outcome.languages == {"en": ev.Part(3, pytest.approx(1 / 3), pytest.approx(1 / 3))}
