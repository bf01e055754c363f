"""Cases of consistency: parallel and repeated requests, and reads after writes."""
