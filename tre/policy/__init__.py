"""Who may do what: the Rego rules and the one way to ask them. Must never be imported but by the bootstrap."""
