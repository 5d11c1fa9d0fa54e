"""Who can count: small networks trained on toy languages, and what their units are then."""
