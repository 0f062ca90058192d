"""What people, systems and the platform itself can do with the directory."""
