"""What helps when money is short: options with their true cost, and the plans agreed on."""
