"""What people see, asked as they would ask."""
