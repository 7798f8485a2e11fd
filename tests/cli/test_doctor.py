"""`portal doctor`: finds what is broken, says what to do, and breaks down itself at nothing."""

from tests.library.attachments.buckets import a_bucket, moto_s3

__all__ = ["moto_s3"]  # a fixture


def states(said):
    return {(row["name"], row["state"]) for row in said.json["findings"]}


def test_nothing_is_ready_yet(portal):
    said = portal("doctor", "--json")
    assert said.status == 1
    assert not said.json["ok"]
    assert {("settings", "ok"), ("schema", "fail")} <= states(said)


def test_a_fresh_portal_lacks_people(ready):
    said = ready("doctor", "--json")
    assert {("schema", "ok"), ("people", "warn")} <= states(said)
    assert said.status == 0


def test_an_administrator_is_enough(ready):
    person = ("admin@example.com", "--name", "Ада", "--role", "admin", "--password-stdin")
    assert ready("user", "add", *person, stdin="correct horse 42\n").status == 0
    said = ready("doctor", "--json")
    assert ("people", "ok") in states(said)
    assert said.json["ok"]


def test_half_told_settings(ready, monkeypatch):
    monkeypatch.delenv("PORTAL_SECRET_KEY")
    said = ready("doctor")
    assert said.status == 1
    assert "PORTAL_SECRET_KEY is not set" in said.out


def test_settings_nobody_can_read(portal, monkeypatch):
    monkeypatch.setenv("PORTAL_PRT", "1")
    said = portal("doctor", "--json")
    assert said.status == 1
    assert said.json["findings"][0]["what"].startswith("PORTAL_PRT is not a setting")


def test_a_data_directory_open_to_all(ready, settings):
    settings.data_dir.chmod(0o755)
    assert ("data", "warn") in states(ready("doctor", "--json"))
    settings.data_dir.chmod(0o700)
    assert ("data", "warn") not in states(ready("doctor", "--json"))


def test_every_complaint_says_what_to_do(portal):
    for row in portal("doctor", "--json").json["findings"]:
        assert row["do"] if row["state"] != "ok" else row["what"], row


def test_the_bucket_of_attachments(ready, monkeypatch, moto_s3, request):
    assert ("files", "ok") in states(ready("doctor", "--json"))
    for name, value in a_bucket(moto_s3, request).items():
        monkeypatch.setenv(f"PORTAL_{name.upper()}", value)
    assert ("files", "ok") in states(ready("doctor", "--json"))
    monkeypatch.setenv("PORTAL_S3_BUCKET", "another")
    said = ready("doctor")
    assert said.status == 1
    assert "NoSuchBucket" in said.out
