"""The ways to a server, over sockets or inside this process, and what they bear.

A connection gives up on a server that died, measures how late its reads are, and lets requests go
on beside the case that runs.
"""
