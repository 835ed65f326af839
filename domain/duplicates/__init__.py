"""Which letters may repeat which: what a text comes to when it is compared."""
