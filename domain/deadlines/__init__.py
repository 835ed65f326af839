"""Time limits: how days are counted, which rule sets a limit, and what moves a due date."""
