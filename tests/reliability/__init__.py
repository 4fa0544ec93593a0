"""What breaks in life: killed workers, lost replies, clocks. Samples run in the suite; `make prove` runs them in full."""
