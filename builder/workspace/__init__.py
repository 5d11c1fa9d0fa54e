"""What lies on disk: recipes, locks, results, finished shares of work."""
