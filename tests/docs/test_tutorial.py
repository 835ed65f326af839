"""The tutorial, typed in from top to bottom against a service that is really there."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from socket import socket
from time import monotonic, sleep

import httpx2
import pytest

from service.config.settings import decode_key
from service.demo.province import DEMO_REGISTRAR
from service.security.tokens import issue_token
from tests.conftest import login_of_service

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial" / "first-petition.md"
SAID_IN_THE_PAGE = "http://127.0.0.1:8000"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = "=== block ==="

# What differs from one reader to the next.
_DIFFERS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "an id"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)"), "an instant"),
    (re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d"), "an instant"),
    (re.compile(r'("position": ?)\d+'), r"\1a number"),
    (re.compile(r"\d+ days later"), "some days later"),
    (re.compile(r"[─━ ]+"), " "),
)


def blocks(language: str | None = None) -> list[tuple[str, str]]:
    """The fenced blocks of the page, in order, with their language."""
    found = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    return [(its, text) for its, text in found if language in (None, its)]


def steps() -> list[tuple[str, str]]:
    """What is typed, and what the page says comes back; "" where it says nothing."""
    found: list[tuple[str, str]] = []
    for language, text in blocks():
        if language == "sh":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return [(typed, shown) for typed, shown in found if typed.strip() != "make run"]  # the service runs already


def without_differences(text: str) -> list[str]:
    for pattern, instead in _DIFFERS:
        text = pattern.sub(instead, text)
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `.venv/bin/kiennghi` in it, as after `make setup`, and curl, if this machine has none."""
    folder = tmp_path_factory.mktemp("tutorial")
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    _program(programs / "kiennghi", "from service.cli import main; main()")
    if shutil.which("curl") is None:
        _program(programs / "curl", "from tests.docs.curl import main; main()")
    return folder


def _program(path: Path, code: str) -> None:
    path.write_text(f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n{code}\n")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def environment(module_database: str, folder: Path) -> dict[str, str]:
    return {
        # an officer's terminal is as wide as it is: what comes through a pipe is laid out for none
        **{name: value for name, value in os.environ.items() if name != "COLUMNS"},
        "KIENNGHI_DATABASE_URL": login_of_service(module_database),
        "KIENNGHI_HOME": str(folder / "home"),
        "KIENNGHI_TOKEN_KEY": "t" * 43,
        "KIENNGHI_VAULT_KEY": "v" * 43,
        "KIENNGHI_PORT": str(_free_port()),
    }


def _free_port() -> int:
    with closing(socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def url(environment: dict[str, str], folder: Path) -> Iterator[str]:
    """The service, on a database that has of the made-up province what the page needs: the administrator's unit."""
    with _served(folder, environment) as url:
        who = issue_token(DEMO_REGISTRAR, decode_key(environment["KIENNGHI_TOKEN_KEY"]), hours=1)
        unit = {"occurred_on": "2016-07-01", "unit": DEMO_REGISTRAR.unit, "name": "Ủy ban nhân dân tỉnh Ví Dụ"}
        headers = {"Authorization": f"Bearer {who}", "Idempotency-Key": "province"}
        assert httpx2.post(f"{url}/units", json=unit, headers=headers).status_code == 201
        yield url


@contextmanager
def _served(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    url = f"http://127.0.0.1:{environment['KIENNGHI_PORT']}"
    with (folder / "serve.log").open("w+") as log:
        process = subprocess.Popen([folder / ".venv/bin/kiennghi", "serve"], cwd=folder, env=environment, stderr=log)
        try:
            _await_answer(url, process, folder / "serve.log")
            yield url
        finally:
            process.terminate()
            assert process.wait(timeout=20) == 0


def _await_answer(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    gives_up_at = monotonic() + 60
    while monotonic() < gives_up_at and process.poll() is None:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{url}/readyz").status_code == 200:
                return
        sleep(0.05)
    raise AssertionError(f"the service does not answer: {log.read_text()}")


def test_the_tutorial_goes_as_it_says(url: str, environment: dict[str, str], folder: Path) -> None:
    for (typed, shown), came in zip(steps(), typed_in(url, environment, folder), strict=True):
        assert without_differences(came) == without_differences(shown), typed


def typed_in(url: str, environment: dict[str, str], folder: Path) -> list[str]:
    """What each step gives back, all of them in one shell; a step that fails ends it."""
    typed = [f"echo '{_MARK}'\n{text.replace(SAID_IN_THE_PAGE, url)}\necho" for text, _ in steps()]
    script = "\n".join(["set -eu", *typed])
    went = subprocess.run(
        ["sh"], input=script, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (went.returncode, went.stderr) == (0, "")
    return went.stdout.split(_MARK)[1:]


def test_the_tutorial_can_be_gone_through_only_as_a_whole() -> None:
    """Each block of output follows what gives it; nothing is shown that no test sees."""
    languages = [language for language, _ in blocks()]
    assert set(languages) == {"sh", "json", "text"}
    assert languages[0] == "sh"
    assert all("sh" in pair for pair in pairwise(languages))


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to compare with")
def test_the_stand_in_for_curl_asks_as_curl_does(url: str, folder: Path) -> None:
    _program(folder / "stand-in", "from tests.docs.curl import main; main()")
    for asked in (
        ["-sS", f"{url}/livez"],
        ["-sS", f"{url}/units", "-H", "X-Request-Id: 12345678", "-H", "Content-Type: application/json", "-d", "{}"],
        ["-sS", f"{url}/units", "-H", "X-Request-Id: 12345678", "-H", "Authorization: Bearer a.b.c"],
    ):
        answers = [
            subprocess.run([program, *asked], capture_output=True, text=True, check=True).stdout
            for program in ("curl", folder / "stand-in")
        ]
        assert answers[0] == answers[1]
