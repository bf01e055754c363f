"""Mock IdPs that live: a directory, its changes, a clock to drive, and engines that provision."""
