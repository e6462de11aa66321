"""What all routes share: lists, problems, OpenAPI, content negotiation and limits for bodies."""
