"""Projects and their categories."""
