"""Topics and kinds: every topic has a kind and words, paths stay within the portal."""

import pytest

from portal.library.notices import labels, queries, service
from portal.library.notices.rules import KINDS, OF_TOPIC, Kind, Topic, own_path
from tests import make


def test_every_topic_is_of_one_kind_and_has_words():
    assert sum(len(topics) for topics in KINDS.values()) == len(Topic)
    assert set(OF_TOPIC) == set(Topic)
    assert set(labels.KINDS) == set(Kind)
    assert set(labels.TOPICS) | set(labels.SENTENCES) == set(Topic)
    assert all(len(topic) <= 20 for topic in Topic)


@pytest.mark.parametrize(
    "path", ["https://evil.example", "//evil.example", "/\\evil", "/a\nb", "/" + "x" * 300, ""]
)
def test_a_path_leads_nowhere_else(path):
    with pytest.raises(ValueError):
        own_path(path)


def test_a_notice_opens_its_path(as_, db, client):
    client = as_("rep")
    from portal.accounts.models import User

    rep = db.session.query(User).order_by(User.id.desc()).first()
    tom = make.user(name="Tom", role="marketer")
    detail = {"title": "Giá 100% của Kestrel"}
    told = service.tell(
        [rep.id, tom.id], Topic.REQUEST_TAKEN, actor_id=tom.id, path="/requests/7", detail=detail
    )
    db.session.commit()
    assert told == 1
    page = client.get("/desk/notices")
    assert "Tom took on your request “Giá 100% của Kestrel”" in page.words()
    notice = queries.notices(rep.id, limit=1)[0]
    opened = client.post(f"/desk/notices/{notice.id}/open")
    assert (opened.status, opened.location) == (303, "/requests/7")
