"""What could happen: a Scenario becomes firings."""
