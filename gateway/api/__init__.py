"""The resources, one module per service; `mount` turns a service's table of operations into routes."""
