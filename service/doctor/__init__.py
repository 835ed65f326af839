"""What `kiennghi doctor` looks at: the server, the log, the views, the vault's key, the calendar."""
