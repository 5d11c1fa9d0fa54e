"""Words for units: features joined by AND, OR and NOT, found, controlled and judged."""
