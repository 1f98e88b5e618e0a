"""What the neighbour engines are made of."""
