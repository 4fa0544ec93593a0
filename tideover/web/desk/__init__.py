"""What staff see: the day's page, the work queue, one person with her whole story."""
