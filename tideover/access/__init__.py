"""Who is signed in, what they may do, and the record of what they did."""
