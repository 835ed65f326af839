from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from service.commands.business_day import BusinessDay

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# In spring the day of this zone that is 23 hours long begins at one o'clock.
SANTIAGO = ZoneInfo("America/Santiago")
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def test_the_day_begins_at_midnight_of_the_authority() -> None:
    moment = datetime(2026, 7, 1, 16, 59, 59, tzinfo=UTC)
    today = BusinessDay(lambda: moment, HANOI)
    assert today().isoformat() == "2026-07-01"
    moment = datetime(2026, 7, 1, 17, tzinfo=UTC)
    assert today().isoformat() == "2026-07-02"
    moment = datetime(2026, 7, 1, 16, 59, 59, tzinfo=UTC)  # the clock was set back
    assert today().isoformat() == "2026-07-01"


@given(st.sampled_from([HANOI, SANTIAGO]), st.lists(moments, min_size=1))
def test_whatever_was_asked_before_the_day_is_that_of_the_moment(zone: ZoneInfo, instants: list[datetime]) -> None:
    remaining = iter(instants)
    today = BusinessDay(lambda: next(remaining), zone)
    assert [today() for _ in instants] == [moment.astimezone(zone).date() for moment in instants]
