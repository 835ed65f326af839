"""The page on receiving alerts shows a check that works, and the pauses that there are."""

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.alerts.delivery import RETRY_PAUSES
from service.alerts.webhooks import sign_webhook, webhook_secret

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "receive-alerts.md"
ID, BODY = "1d3a1b0c-7a51-5c59-9a57-0c4b8f2e1d63", '{"data":"đơn"}'.encode()
SECRET = webhook_secret("https://so-tnmt.tinh.example/canh-bao", b"k" * 32)


@pytest.fixture(scope="module")
def is_ours() -> Any:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)
    return names["is_ours"]


def headers(at: int, secret: str = SECRET) -> dict[str, str]:
    return {
        "webhook-id": ID,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{'A' * 44} {sign_webhook(secret, ID, at, BODY)}",
    }


def test_the_check_on_the_page_takes_what_is_signed_and_nothing_else(is_ours: Any) -> None:
    now = int(time.time())
    assert is_ours(SECRET, headers(now), BODY)
    assert not is_ours(SECRET, headers(now), BODY + b" ")
    assert not is_ours(SECRET, headers(now - 400), BODY)
    assert not is_ours(SECRET, headers(now, webhook_secret("https://other.example/", b"k" * 32)), BODY)
    assert not is_ours(SECRET, {**headers(now), "webhook-id": "another"}, BODY)


def test_the_pauses_on_the_page_are_those_that_are_made() -> None:
    assert [pause / timedelta(minutes=1) for pause in RETRY_PAUSES] == [1, 5, 15, 60, 180, 360, 720, 1440, 1440]
    assert "1, 5 and 15 minutes, 1, 3, 6 and 12 hours, and two more a day apart" in PAGE.read_text(encoding="utf-8")
