"""Text to steps, each with the span of characters that it covers."""
