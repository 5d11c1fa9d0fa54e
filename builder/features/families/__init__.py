"""Features by family, a module each; a module that lies here is found without being named."""
