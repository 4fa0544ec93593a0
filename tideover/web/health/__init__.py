"""Is the process up, can it work, and how does it stand: for machines that watch machines."""
