"""Whether the cases can fail: deviations against cases, tolerances against identity providers."""
