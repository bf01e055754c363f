"""What cases work with: people, resources for one case or for several, and a small world."""
