"""The files of deploy/ fit this portal: its commands, its settings, and what careful people ask for."""

import re
import shutil
import subprocess

import click
import pytest
import yaml

from portal.cli import main
from portal.config import SECRETS, Config
from tests.house.tree import ROOT

FOLDER = ROOT / "deploy"
UNITS = sorted((FOLDER / "systemd").glob("arsenal-*.*"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
EXPOSED_MOST = 25  # tenths, of systemd's own measure: below 2.5 of 10
COMPOSE = yaml.safe_load((FOLDER / "docker" / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (FOLDER / "docker" / "Dockerfile").read_text("utf-8")
OURS = {name: it for name, it in COMPOSE["services"].items() if name != "postgres"}
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="needs systemd-analyze"
)


def analyze(*words):
    return subprocess.run(
        ["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def installed(tmp_path):
    """The units with a program in place of the portal's, which is not installed here."""
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/srv/arsenal/.venv/bin/portal", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    return sorted(tmp_path.iterdir())


@needs_systemd
def test_systemd_finds_nothing_wrong(installed):
    said = analyze("verify", "--man=no", *installed)
    assert (said.returncode, said.stderr) == (0, "")


@needs_systemd
def test_systemd_finds_a_slip(installed):
    path = installed[-1]
    path.write_text(path.read_text("utf-8").replace("[Service]", "[Service]\nProtectHoem=yes"))
    assert "ProtectHoem" in analyze("verify", "--man=no", *installed).stderr


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_services_are_locked_in(unit):
    said = analyze("security", "--offline=true", "--no-pager", f"--threshold={EXPOSED_MOST}", unit)
    assert said.returncode == 0, said.stdout[-300:]


def values(unit, key):
    return re.findall(rf"(?m)^{key}=(.+)$", unit.read_text("utf-8"))


def require_command(words):
    """Fail unless `portal` knows these words."""
    command = main
    context = click.Context(main)
    for word in words:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        command = command.get_command(context, word)
        assert command is not None, f"portal {' '.join(words)}"
    options = {option for it in command.params for option in it.opts}
    assert {word for word in words if word.startswith("--")} <= options, words


def require_setting(name):
    plain = name.removeprefix("PORTAL_").lower()
    secret = plain.endswith("_file") and plain.removesuffix("_file") in SECRETS
    assert secret or (plain in Config.model_fields and plain not in SECRETS), name


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_services_call_commands_there_are(unit):
    found = re.findall(r"bin/portal ([a-z -]+[a-z])", unit.read_text("utf-8"))
    assert found
    for words in found:
        require_command(words.split())


def test_units_name_settings_there_are():
    texts = [path.read_text("utf-8") for path in (FOLDER / "systemd").iterdir()]
    found = {name for text in texts for name in re.findall(r"PORTAL_[A-Z_0-9]+", text)}
    assert len(found) > 5
    for name in found:
        require_setting(name)


def test_a_worker_may_leave_its_courier():
    """It hears a mail server's answer when the worker is gone: README, Decisions."""
    worker, web = (FOLDER / "systemd" / f"arsenal-{name}.service" for name in ("worker", "web"))
    assert values(worker, "KillMode") == ["process"]
    assert values(web, "ExecReload") == ["/bin/kill -HUP $MAINPID"]


def test_services_wait_long_enough():
    from portal.cli import server, worker

    for unit in SERVICES[1:]:
        (seconds,) = values(unit, "TimeoutStopSec")
        assert int(seconds) > max(server.ALL_ENDS, worker.GONE)
    for name in ("portal", "worker"):
        grace = OURS[name]["stop_grace_period"].removesuffix("s")
        assert int(grace) > max(server.ALL_ENDS, worker.GONE)


# --- docker -------------------------------------------------------------------------------------


def instructions():
    joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [line.partition(" ")[::2] for line in lines]


def is_plain(image):
    """Whether an image is named without a host, and with a tag that says which it is."""
    name, _, tag = image.partition(":")
    return re.fullmatch(r"[a-z0-9]+", name) and tag not in {"", "latest"}


def test_the_image_is_as_careful_people_ask():
    found = instructions()
    names = [name for name, _ in found]
    assert all(is_plain(rest.split()[0]) for name, rest in found if name == "FROM")
    assert {"HEALTHCHECK", "USER", "STOPSIGNAL", "ENTRYPOINT"} <= set(names)
    assert "ADD" not in names
    user = [rest for name, rest in found if name == "USER"][-1]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user), "not root, and by number"
    assert names.index("USER") > max(n for n, name in enumerate(names) if name in {"RUN", "COPY"})
    for name, rest in found:
        assert name in {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE",
                        "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}  # fmt: skip
        if name == "RUN":
            assert not re.search(r"curl|wget|sudo|chmod 777|apt-get", rest)
        if name in {"CMD", "ENTRYPOINT"}:
            assert rest.startswith("["), "a shell would keep signals from the portal"
        if name == "ENV":
            for setting in re.findall(r"PORTAL_[A-Z_]+", rest):
                require_setting(setting)


def test_the_image_gets_what_it_needs_and_no_more():
    copied = [rest.split()[:-1] for name, rest in instructions() if name == "COPY"]
    sources = {source.removeprefix("./") for words in copied for source in words}
    for source in sources:
        assert (ROOT / source).exists(), source
    allowed = (FOLDER / "docker" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert allowed[0] == "*"
    assert {line[1:] for line in allowed if line.startswith("!")} == sources


def test_compose_names_what_there_is():
    assert set(OURS) == {"migrate", "portal", "worker"}
    for name, service in COMPOSE["services"].items():
        assert is_plain(service["image"]) or service["image"] == "arsenal"
        for other in service.get("depends_on", {}):
            assert other in COMPOSE["services"]
        for volume in service["volumes"]:
            assert volume.partition(":")[0] in COMPOSE["volumes"], "nothing of the host's"
        assert set(service["secrets"]) <= set(COMPOSE["secrets"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not {"privileged", "network_mode", "pid", "cap_add"} & set(service)
    for service in OURS.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        require_command(service["command"])
        for setting in service["environment"]:
            require_setting(setting)
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    ports = [port for it in COMPOSE["services"].values() for port in it.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


def test_no_secret_is_written_down():
    for path in FOLDER.rglob("*"):
        if path.is_file():
            for name, value in re.findall(
                r"(?m)^\s*-?\s*([A-Z_]*(?:PASSWORD|SECRET|KEY|TOKEN)[A-Z_]*)\s*[:=]\s*(\S+)",
                path.read_text("utf-8"),
            ):
                assert name.endswith("_FILE"), (path.name, name)
                assert value.startswith("/run/"), (path.name, value)


# --- nginx --------------------------------------------------------------------------------------


def test_the_proxy_tells_what_the_portal_believes():
    text = (FOLDER / "nginx" / "arsenal.conf").read_text("utf-8")
    bare = re.sub(r"#.*", "", text)
    assert bare.count("{") == bare.count("}")
    assert all(line.endswith((";", "{", "}")) for line in map(str.strip, bare.splitlines()) if line)
    for header, value in (
        ("X-Forwarded-For", "$remote_addr"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "$host"),
        ("X-Request-ID", "$request_id"),
    ):
        assert f"proxy_set_header {header} {value};" in bare
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", bare)
    assert int(limit) > Config.model_fields["max_upload_mb"].default
    assert "location = /metrics" in bare


def test_readme_names_every_file():
    readme = (ROOT / "README.md").read_text("utf-8")
    for folder in ("deploy/systemd", "deploy/docker", "deploy/nginx"):
        assert folder in readme
