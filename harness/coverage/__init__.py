"""What people ask before a model is built, what of it is tested, and what shows that we judge
well.

Coverage is no result: how much is tested and how it came out are told side by side, and never
become one number.
"""
