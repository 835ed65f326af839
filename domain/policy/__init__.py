"""The law as data: limits and calendars in force from and to a day, each with its source."""
