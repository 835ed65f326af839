"""What was raised at a meeting without a network: an empty sheet to take along, and what was filled in loaded later."""
