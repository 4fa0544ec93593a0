"""Why a payment is late, and what helps."""
