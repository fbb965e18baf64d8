"""Real servers to practise on. The product never imports this package."""
