"""How a run treats a server: its pace, how many at once, when it waits, and when it is over."""
