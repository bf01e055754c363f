"""What a reader checks: that a report is what its run wrote, and how to repeat the run."""
