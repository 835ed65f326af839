-- What reading the log needs beside its keys: the units' histories, and room for views that are built anew.

CREATE INDEX log_of_units ON kiennghi.log (notification_id) WHERE topic IN ('UnitOpened', 'UnitClosed');

-- A view is rebuilt here while the old one serves, and then moved over in one transaction.
CREATE SCHEMA kiennghi_rebuild;
