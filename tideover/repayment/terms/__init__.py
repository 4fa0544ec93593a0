"""What a loan costs: as agreed, if more is paid, and if something is paid later. Pure, in whole minor units."""
