"""Tests the lines of the log as a process writes them."""

import json
import subprocess
import sys

PROGRAM = """
import logging, structlog
from service.observability import log_setup
log_setup.configure_logging("info")
log = structlog.get_logger("kiennghi.example")
log.debug("unheard")
log.info("received", route="/petitions", summary="Nguyễn Thị Ví Dụ", tên="đường")
try:
    raise KeyError("Nguyễn Thị Ví Dụ")
except KeyError:
    log.error("fault", exc_info=True)
    logging.getLogger("a.library").error("it failed", exc_info=True)
"""


def test_every_line_is_json_and_holds_no_person() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    received, fault, library = [json.loads(line) for line in finished.stderr.splitlines()]
    assert received.pop("timestamp").endswith("Z")
    assert received == {
        "event": "received",
        "level": "info",
        "logger": "kiennghi.example",
        "route": "/petitions",
        "summary": "(left out)",
        "tên": "đường",
    }
    assert (fault["event"], fault["level"], fault["error"]) == ("fault", "error", "KeyError")
    assert (library["event"], library["logger"], library["error"]) == ("it failed", "a.library", "KeyError")
    assert all("where" in line for line in (fault, library))
    assert "Ví Dụ" not in finished.stderr
