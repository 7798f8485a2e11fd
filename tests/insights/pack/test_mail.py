"""The pack by mail: to each once, in full, in their language, as it was sent."""

from datetime import timedelta

from portal import clock
from portal.db import db as _db
from portal.insights.pack import rules, service
from portal.insights.pack.rules import Kind
from tests import make
from tests.insights.pack.conftest import use
from tests.library.mail.conftest import box, go, portal

__all__ = ["box", "go", "portal"]


def test_each_gets_it_once_in_their_language(portal, box, go):
    zone = portal.config["PORTAL"].timezone
    from zoneinfo import ZoneInfo

    today = clock.now().astimezone(ZoneInfo(zone)).date()
    span = rules.latest(Kind.WEEK, today)
    with portal.app_context():
        people = [
            make.user(f"{code}@example.com", name=code, role="manager", language=code)
            for code in ("en", "vi", "ru")
        ]
        kestrel = make.asset()
        make.text(kestrel, title="Kestrel")
        make.text(kestrel, "ru", title="Кестрел")
        use(kestrel, people[0], at=span.moments(ZoneInfo(zone))[0] + timedelta(hours=30))
        service.add(
            span, "Write to them", token="t", owner_id=people[0].id, due_on=today,
            user_id=people[0].id,
        )  # fmt: skip
        for _ in range(2):
            service.send(span, ZoneInfo(zone), user_id=people[0].id)
            _db.session.commit()
    go()
    go()
    mails = {mail["To"].addresses[0].addr_spec: mail for mail in box.mails}
    assert sorted(mails) == ["en@example.com", "ru@example.com", "vi@example.com"]
    assert len(box.mails) == 3
    path = f"https://arsenal.example.com/insights/pack/week/{span.first}"
    for name, asset in (("en", "Kestrel"), ("vi", "Kestrel"), ("ru", "Кестрел")):
        mail = mails[f"{name}@example.com"]
        for kind in ("plain", "html"):
            text = mail.get_body((kind,)).get_content()
            assert path in text
            assert asset in text
            assert "Write to them" in text
        assert mail["Content-Language"] == name
    text = mails["en@example.com"].get_body(("plain",)).get_content()
    assert "WHAT WAS USED" in text
    assert f"https://arsenal.example.com/assets/{'asset-'}" in text
