"""What the OpenAPI description says beyond the declarations, and the page that shows it."""
