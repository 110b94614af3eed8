"""The report page: what a chairwoman reads on a phone, an office prints and an auditor checks."""

from reporting.page.routes import routes

__all__ = ["routes"]
