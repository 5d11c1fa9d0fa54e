"""Who can count: small networks trained on made languages, and what their units are then."""
