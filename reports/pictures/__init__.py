"""What is drawn: sequence diagrams, charts, times."""
