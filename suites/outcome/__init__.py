"""What a run came to: results, and what waivers and an earlier report make of them."""
