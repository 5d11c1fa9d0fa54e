"""What moves a unit and what it moves: named by weights times activity, checked by holding."""
