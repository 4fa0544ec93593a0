"""Short lessons at the moments that matter."""
