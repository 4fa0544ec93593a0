"""Read before the data engine is loaded: how long its allocator (jemalloc) keeps memory that was freed.

By default it hands pages back to the system within a fraction of a second and faults them in again: a fifth of the time
of a large book. Two seconds cost a few hundred megabytes. Whoever sets the variable has the last word.
"""

from __future__ import annotations

import os

SETTING = "_RJEM_MALLOC_CONF"
os.environ.setdefault(SETTING, "dirty_decay_ms:2000,muzzy_decay_ms:0")
