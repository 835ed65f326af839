"""Records changes of law and reorganisations: proposed by one officer, approved by another, then applied."""
