"""One look at the target before the first case: can it be judged, and what does it offer."""
