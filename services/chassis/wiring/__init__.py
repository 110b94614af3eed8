"""How a service is put together: its databases, its two roles, its command line."""
