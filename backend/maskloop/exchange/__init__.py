"""What leaves a project in the formats of others."""
