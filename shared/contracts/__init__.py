"""Everything that crosses a service's border, one module per owning service: requests, views and events."""
