"""How a dataset's version is made of rows: recipe, pools, mix, split, and what can be said of the result."""
