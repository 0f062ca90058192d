"""What people, systems and moments do with documents."""
