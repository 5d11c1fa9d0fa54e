"""What importers share: what rows stand for, how libraries order gates, and which reading fits."""
