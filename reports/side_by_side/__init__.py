"""Several reports together: before and after, over time, many targets."""
