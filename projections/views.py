"""Lists all views. `case_file` is not among them, since it is read from the event log itself."""

from projections.alerts import Alerts
from projections.duplicates import Duplicates
from projections.hot_spots import HotSpots
from projections.late_entries import LateEntries
from projections.meetings import Meetings
from projections.outbox import Outbox
from projections.overdue import Overdue
from projections.projection import Projection
from projections.unit_succession import Inheritance
from projections.unit_workload import UnitWorkload

VIEWS: tuple[type[Projection], ...] = (
    Overdue,
    UnitWorkload,
    Meetings,
    Duplicates,
    Inheritance,
    HotSpots,
    LateEntries,
    Outbox,
    Alerts,
)
