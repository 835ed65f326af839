"""Cases of other systems: read from CSV or XES by a mapping file, and told to the log as they are."""
