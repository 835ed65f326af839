"""A new rule or calendar as a reviewed operation: proposed by one officer, approved by another, then applied."""
