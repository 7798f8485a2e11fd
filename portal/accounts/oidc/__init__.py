"""Sign-in by the company's own provider: OpenID Connect, code and PKCE."""
