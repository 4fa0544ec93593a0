"""Events out: noted from new rows, signed, sent to addresses outside, tried again for three days."""
