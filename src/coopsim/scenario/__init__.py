"""What is assumed: YAML and claims become a Scenario."""
