"""A change of units as a reviewed operation: proposed by one officer, approved by another, then applied."""
