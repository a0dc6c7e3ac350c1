"""What Banzhang remembers: one subject a file, SQL in plain sight."""
