-- When an append after another one is recorded. The time never runs backwards with the position, unless the server's
-- clock was set back by more than a minute: a wrong hour must not be carried on into days that deadlines are counted from.
CREATE OR REPLACE FUNCTION kiennghi.time_after(former timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT CASE WHEN former < clock_timestamp() + interval '1 minute'
                THEN greatest(former, clock_timestamp()) ELSE clock_timestamp() END;
END;
