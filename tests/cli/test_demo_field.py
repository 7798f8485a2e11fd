"""The demo's calls: all of the file, on its deals, with what was used, said and rated."""

import yaml
from sqlalchemy import func, select

from portal import clock
from portal.calls.models import Call, CallPoint
from portal.calls.ratings.models import Rating
from portal.cli import demo_field
from portal.cli.demo import CONTENT, PEOPLE
from portal.deals.models import Deal
from portal.usage.models import UsageEvent
from tests import make


def test_all_of_them_come_and_hang_together(db):
    for local, name, role, *_ in PEOPLE:
        make.user(f"{local}@tarvel.example", name=name, role=role.value)
    for folder in CONTENT.glob("*/*/"):
        asset = make.asset(f"{folder.parent.name}-{folder.name}")
        for path in folder.glob("??.md"):
            make.text(asset, path.stem)
    open_deals = yaml.safe_load((CONTENT / "requests.yaml").read_text("utf-8"))["deals"]
    owners = {user.email: user for user in db.session.scalars(select(make.User))}
    made = {it["key"]: make.deal(owners[f"{it['owner']}@tarvel.example"]) for it in open_deals}
    file = CONTENT / "field.yaml"
    told = yaml.safe_load(file.read_text("utf-8"))
    assert demo_field.fill(file, made=made, zone="Asia/Ho_Chi_Minh") == len(told["calls"])
    calls = db.session.scalars(select(Call)).all()
    assert {call.state for call in calls} == {"planned", "logged"}
    assert all((call.at > clock.now()) == (call.state == "planned") for call in calls)
    used = sum(len(one.get("used", ())) for one in told["calls"])
    heard = sum(len(one.get("heard", ())) for one in told["calls"])
    for model, count in ((Rating, used), (UsageEvent, 2 * used), (CallPoint, heard)):
        assert db.session.scalar(select(func.count()).select_from(model)) == count
    lost = db.session.scalars(select(Deal).where(Deal.outcome == "lost")).all()
    assert all(deal.loss_reason and deal.loss_words for deal in lost)
    assert all([c.at for c in d.changes] == sorted(c.at for c in d.changes) for d in lost)
    assert all(deal.closed_at == deal.changes[-1].at for deal in lost)
