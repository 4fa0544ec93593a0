"""What people say for themselves: wishes, their data, complaints, a death, and who may act for them."""
