"""What people see: pages made here, on the same use of the bus as the REST interface."""
