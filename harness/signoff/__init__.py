"""Sign-off: people sign what a bundle shows, and the gate holds their signatures against today."""
