"""What a former rep of a deal sees of it on her own calls, once it is another team's."""

from portal import clock
from portal.calls.feedback.models import DealFeedback
from portal.calls.models import Call
from tests import make

SECRET = "Renamed since"


def test_its_new_name_is_not_shown_to_who_sees_it_no_more(db, client):
    rep = make.user(team_id=make.team().id)
    other = make.team("Else")
    deal = make.deal(rep, name=SECRET, account="Secret Co", outcome="lost")
    now = clock.now()
    calls = [
        Call(
            token=state, deal_id=deal.id, user_id=rep.id, at=now, state=state, created_at=now,
            version=1,
        )
        for state in ("planned", "logged")
    ]  # fmt: skip
    db.session.add_all([*calls, DealFeedback(deal_id=deal.id, user_id=rep.id, asked_at=now)])
    db.session.commit()
    planned, logged = (call.id for call in calls)
    paths = [
        "/calls/", "/ratings/", f"/calls/{planned}", f"/calls/{logged}", f"/calls/{logged}/log",
        f"/calls/{planned}/change", f"/feedback/{deal.id}",
    ]  # fmt: skip
    client.sign_in(rep)
    for path in paths:
        page = client.get(path)
        assert (page.status, SECRET in page.text) == (200, True), path
    deal.owner_id, deal.team_id = make.user(team_id=other.id).id, other.id
    db.session.commit()
    for path in paths:
        page = client.get(path)
        assert page.status in {200, 404}, path
        assert SECRET not in page.text, path
        assert "Secret Co" not in page.text, path
        assert page.status == 404 or "A deal of another team" in page.words(), path
    assert f"/deals/{deal.id}" not in client.get(f"/calls/{logged}").links()
