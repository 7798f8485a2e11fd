"""The page of a hand-over."""

from tests import make


def test_a_manager_hands_over_what_somebody_left(as_, db):
    tom = make.user(role="marketer", name="Tom", active=False)
    linh = make.user(role="contributor", name="Linh")
    asset = make.asset(owner_id=tom.id)
    make.text(asset)
    db.session.commit()
    client = as_("manager")
    assert "Tom has left and still owns 1 assets" in client.get("/desk/freshness").words()
    page = client.get(f"/desk/hand-over?from={tom.id}")
    assert "From Tom to" in page.words()
    data = {"leaver": tom.id, "successor": linh.id, "part": ["owner", "backup", "reviewer"]}
    done = client.post("/desk/hand-over", data=data)
    assert done.status == 303
    assert asset.owner_id == linh.id
    assert "Linh now owns 1 assets" in client.get(done.location).words()
    assert "has left" not in client.get("/desk/freshness").words()


def test_a_wrong_choice_is_said(as_, db):
    tom = make.user(role="marketer", name="Tom")
    make.asset(owner_id=tom.id)
    db.session.commit()
    client = as_("manager")
    good = {"leaver": tom.id, "successor": tom.id, "part": ["owner"]}
    wrong = [good, good | {"part": []}, good | {"successor": ""}, good | {"successor": "9" * 30}]
    wrong += [good | {"leaver": 2**31 - 1}, {}]
    for data in wrong:
        assert client.post("/desk/hand-over", data=data).status == 422
    for odd in ("x", "-1", "9" * 40):
        assert client.get(f"/desk/hand-over?from={odd}").status == 200
